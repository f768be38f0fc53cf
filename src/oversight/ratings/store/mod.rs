pub mod finals;
