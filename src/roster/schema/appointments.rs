//! The tables of appointments.
