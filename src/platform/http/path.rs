//! What stands in a path where its pattern has parameters.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use percent_encoding::percent_decode_str;
use serde::de::value::{Error as Unread, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Visitor};

use super::routes::Found;
use crate::error::Error;

/// The parameter of a request's path, or a tuple of them in their order. One that is no `T` names nothing that is here, so
/// it is answered 404.
#[derive(Debug)]
pub struct Path<T>(T);

impl<T> Path<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let written = extensions.get::<Found>().map(|found| found.parameters.as_slice());
        ready(written.and_then(read).map(Path).ok_or(Error::NotFound))
    }
}

fn read<T: DeserializeOwned>(written: &[String]) -> Option<T> {
    // PostgreSQL's texts hold no NUL, and would answer such a parameter with an error.
    let plain = |text: &String| {
        Some(percent_decode_str(text).decode_utf8().ok()?.into_owned()).filter(|text| !text.contains('\0'))
    };
    T::deserialize(Parameters(written.iter().map(plain).collect::<Option<_>>()?)).ok()
}

/// Texts, which serde is shown as one or as a tuple.
struct Parameters(Vec<String>);

impl<'de> Deserializer<'de> for Parameters {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_string(self.0.into_iter().next().unwrap_or_default())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_seq(SeqDeserializer::new(self.0.into_iter()))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::read;

    fn of<T: serde::de::DeserializeOwned>(written: &[&str]) -> Option<T> {
        read(&written.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_escaped_is_read_and_what_is_no_text_or_no_such_type_is_not() {
        assert_eq!(of::<String>(&["%E7%94%98%E8%82%83"]), Some("甘肃".to_owned()));
        assert_eq!(of::<Uuid>(&["00000000-0000-0000-0000-00000000000%31"]), Some(Uuid::from_u128(1)));
        assert_eq!(of::<String>(&["%FF"]), None);
        assert_eq!(of::<String>(&["a%00"]), None);
        assert_eq!(of::<Uuid>(&["7"]), None);
    }

    #[test]
    fn two_are_read_in_their_order() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(of(&[&one.to_string(), &other.to_string()]), Some((one, other)));
        assert_eq!(of::<(Uuid, Uuid)>(&[&one.to_string()]), None);
    }
}
