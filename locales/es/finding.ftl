finding-FILE-001 = { $file }
    .hint = { $file }
