//! The one status of a child, and how school and work go together.

/// What a child does, by precedence: the first that applies is the child's.
///
/// The first five are child labour. Excessive chores come after the economic statuses, so that a child in hazardous work that
/// also keeps the house for thirty hours is counted once; the chores stay visible in the reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Status {
    /// A worst form of child labour other than hazardous work, where it was recorded.
    WorstForms,
    /// Work that the definition calls hazardous at this age.
    Hazardous,
    /// Economic activity that counts because the child is too young for it, or for so many hours of it.
    BelowMinimumAge,
    /// Economic activity that counts by a rule of the country although the minimum age is reached.
    NationalRule,
    /// Unpaid household services for long hours, and no economic activity that counts.
    ExcessiveChores,
    /// Permitted light work.
    LightWork,
    /// Permitted work of adolescents.
    AdolescentWork,
    /// Household chores only, within the threshold of the age.
    ChoresOnly,
    /// Neither economic activity nor chores.
    NotWorking,
    /// Works, or may work, but an answer that decides is missing.
    Undetermined,
    /// Outside the ages of the definition, or of unknown age.
    OutOfScope,
}

impl Status {
    /// All statuses, by precedence.
    pub const ALL: [Status; 11] = [
        Status::WorstForms,
        Status::Hazardous,
        Status::BelowMinimumAge,
        Status::NationalRule,
        Status::ExcessiveChores,
        Status::LightWork,
        Status::AdolescentWork,
        Status::ChoresOnly,
        Status::NotWorking,
        Status::Undetermined,
        Status::OutOfScope,
    ];

    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            Status::WorstForms => "worst_forms",
            Status::Hazardous => "hazardous",
            Status::BelowMinimumAge => "below_minimum_age",
            Status::NationalRule => "national_rule",
            Status::ExcessiveChores => "excessive_chores",
            Status::LightWork => "light_work",
            Status::AdolescentWork => "adolescent_work",
            Status::ChoresOnly => "chores_only",
            Status::NotWorking => "not_working",
            Status::Undetermined => "undetermined",
            Status::OutOfScope => "out_of_scope",
        }
    }

    /// Whether the child is in child labour (general production boundary).
    pub fn is_child_labour(self) -> bool {
        self <= Status::ExcessiveChores
    }

    /// Whether the child is in child labour by economic activity (production boundary of the national accounts).
    pub fn is_economic_child_labour(self) -> bool {
        self <= Status::NationalRule
    }
}

/// Study and work of a child; work is any economic activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Schooling {
    /// Studies and does not work.
    StudiesOnly,
    /// Works and does not study.
    WorksOnly,
    /// Both.
    Both,
    /// Neither.
    Neither,
}
