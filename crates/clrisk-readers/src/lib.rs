//! Office files to Arrow: SPSS, Stata, SAS, Excel, REDATAM, DBF, delimited and fixed-width text, with labels and missing codes.
