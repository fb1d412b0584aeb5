//! Whole numbers as bytes, for a tally that travels between machines of a cluster.

/// Bytes being written.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn number(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub fn wide(&mut self, value: i128) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub fn numbers(&mut self, values: impl ExactSizeIterator<Item = u64>) {
        self.number(values.len() as u64);
        values.for_each(|value| self.number(value));
    }

    pub fn wides(&mut self, values: &[i128]) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| self.wide(*value));
    }
}

/// Bytes being read; none when they end too early.
#[derive(Debug)]
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    pub fn number(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    pub fn wide(&mut self) -> Option<i128> {
        self.take().map(i128::from_le_bytes)
    }

    /// A length that the bytes left can hold, each element `size` bytes.
    pub fn length(&mut self, size: usize) -> Option<usize> {
        let length = usize::try_from(self.number()?).ok()?;
        (length.checked_mul(size)? <= self.0.len()).then_some(length)
    }

    pub fn numbers(&mut self) -> Option<Vec<u64>> {
        let length = self.length(8)?;
        (0..length).map(|_| self.number()).collect()
    }

    pub fn wides(&mut self) -> Option<Vec<i128>> {
        let length = self.length(16)?;
        (0..length).map(|_| self.wide()).collect()
    }
}
