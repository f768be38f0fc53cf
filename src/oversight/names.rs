//! What of the registers below is read together with this wing's tables: the columns that a list shows, declared here because
//! a join is declared where both tables are in sight. The tables themselves are those of the lower wings' schemas.
