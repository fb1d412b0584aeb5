//! Why a child has its status: a set of facts that can be counted.

use std::ops::{BitOr, BitOrAssign};

/// A hazard asked of the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Condition {
    /// Carries heavy loads.
    HeavyLoads,
    /// Dangerous tools or heavy machinery.
    Tools,
    /// Dust, fumes or gas.
    Dust,
    /// Extreme cold, heat or humidity.
    Temperature,
    /// Loud noise or vibration.
    Noise,
    /// Heights.
    Heights,
    /// Chemicals or explosives.
    Chemicals,
    /// Underground, under water or in confined spaces.
    Confined,
    /// Physical, psychological or sexual abuse.
    Abuse,
    /// Anything else bad for health or safety.
    Other,
}

impl Condition {
    /// All kinds.
    pub const ALL: [Condition; 10] = [
        Condition::HeavyLoads,
        Condition::Tools,
        Condition::Dust,
        Condition::Temperature,
        Condition::Noise,
        Condition::Heights,
        Condition::Chemicals,
        Condition::Confined,
        Condition::Abuse,
        Condition::Other,
    ];

    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            Condition::HeavyLoads => "heavy_loads",
            Condition::Tools => "tools",
            Condition::Dust => "dust",
            Condition::Temperature => "temperature",
            Condition::Noise => "noise",
            Condition::Heights => "heights",
            Condition::Chemicals => "chemicals",
            Condition::Confined => "confined",
            Condition::Abuse => "abuse",
            Condition::Other => "other",
        }
    }

    /// The kind with this name.
    pub fn parse(code: &str) -> Option<Condition> {
        Condition::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its place among the reasons.
    pub fn reason(self) -> Reasons {
        Reasons(1 << (16 + self as u32))
    }
}

/// A set of reasons, 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reasons(pub u32);

impl Reasons {
    /// Any economic activity.
    pub const ECONOMIC: Reasons = Reasons(1);
    /// At least one hour of it, by known hours.
    pub const ONE_HOUR: Reasons = Reasons(1 << 1);
    /// Its hours (or, where the definition says so, the activity as such) reach the threshold of the age.
    pub const ECONOMIC_THRESHOLD: Reasons = Reasons(1 << 2);
    /// Its hours are known and stay below the threshold of the age.
    pub const BELOW_ECONOMIC_THRESHOLD: Reasons = Reasons(1 << 3);
    /// Economic activity with unknown hours, where hours decide.
    pub const ECONOMIC_HOURS_UNKNOWN: Reasons = Reasons(1 << 4);
    /// Any household chore.
    pub const CHORES: Reasons = Reasons(1 << 5);
    /// Their hours reach the threshold of the age.
    pub const CHORES_THRESHOLD: Reasons = Reasons(1 << 6);
    /// Their hours, as answered, stay below the threshold of the age.
    pub const BELOW_CHORES_THRESHOLD: Reasons = Reasons(1 << 7);
    /// Chores of which an answer on hours is missing.
    pub const CHORES_HOURS_UNKNOWN: Reasons = Reasons(1 << 8);
    /// Long hours of economic activity, as the definition of hazardous work has them.
    pub const LONG_HOURS: Reasons = Reasons(1 << 9);
    /// Work at night.
    pub const NIGHT: Reasons = Reasons(1 << 10);
    /// A hazardous industry.
    pub const INDUSTRY: Reasons = Reasons(1 << 11);
    /// A hazardous occupation.
    pub const OCCUPATION: Reasons = Reasons(1 << 12);
    /// A worst form other than hazardous work.
    pub const WORST_FORMS: Reasons = Reasons(1 << 13);
    /// Attends school.
    pub const ATTENDS: Reasons = Reasons(1 << 14);
    /// Does not attend school. Neither of the two: not known.
    pub const DOES_NOT_ATTEND: Reasons = Reasons(1 << 15);
    /// Every answer on economic activity is missing.
    pub const ITEMS_UNKNOWN: Reasons = Reasons(1 << 31);
    /// Any hazardous condition asked of the child.
    pub const CONDITIONS: Reasons = Reasons(0x3FF << 16);

    /// The reasons that are written to files, with their names; conditions have theirs in [`Condition`].
    pub const NAMED: [(&'static str, Reasons); 18] = [
        ("economic", Reasons::ECONOMIC),
        ("one_hour", Reasons::ONE_HOUR),
        ("economic_threshold", Reasons::ECONOMIC_THRESHOLD),
        ("below_economic_threshold", Reasons::BELOW_ECONOMIC_THRESHOLD),
        ("economic_hours_unknown", Reasons::ECONOMIC_HOURS_UNKNOWN),
        ("chores", Reasons::CHORES),
        ("chores_threshold", Reasons::CHORES_THRESHOLD),
        ("below_chores_threshold", Reasons::BELOW_CHORES_THRESHOLD),
        ("chores_hours_unknown", Reasons::CHORES_HOURS_UNKNOWN),
        ("long_hours", Reasons::LONG_HOURS),
        ("night", Reasons::NIGHT),
        ("industry", Reasons::INDUSTRY),
        ("occupation", Reasons::OCCUPATION),
        ("conditions", Reasons::CONDITIONS),
        ("worst_forms", Reasons::WORST_FORMS),
        ("attends", Reasons::ATTENDS),
        ("does_not_attend", Reasons::DOES_NOT_ATTEND),
        ("items_unknown", Reasons::ITEMS_UNKNOWN),
    ];

    /// Whether one of `others` is among them.
    pub fn any(self, others: Reasons) -> bool {
        self.0 & others.0 != 0
    }
}

impl BitOr for Reasons {
    type Output = Reasons;
    fn bitor(self, other: Reasons) -> Reasons {
        Reasons(self.0 | other.0)
    }
}

impl BitOrAssign for Reasons {
    fn bitor_assign(&mut self, other: Reasons) {
        self.0 |= other.0;
    }
}
