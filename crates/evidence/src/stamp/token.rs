//! Checking what an authority answered: a CMS message around the time and the imprint (RFC 3161, RFC 5652).

use std::time::Duration;

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use kernel::time::Instant;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use webpki::{EndEntityCert, KeyUsage, ring};
use x509_tsp::{TimeStampResp, TstInfo};

/// SHA-256.
pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
/// id-kp-timeStamping, 1.3.6.1.5.5.7.3.8, as in a certificate.
const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];

/// Why a stamp is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StampFault {
    /// It cannot be read.
    #[error("this is no time stamp: {0}")]
    Form(String),
    /// The authority refused.
    #[error("the authority did not grant it")]
    Refused,
    /// It is over something else.
    #[error("the stamp is over something else")]
    Imprint,
    /// It answers another request.
    #[error("the stamp answers another request")]
    Nonce,
    /// Algorithms we do not check.
    #[error("the algorithm {0} is not known here")]
    Algorithm(String),
    /// The signature does not hold.
    #[error("the signature of the stamp does not hold")]
    Signature,
    /// Nobody we trust made it.
    #[error("the certificate of the authority does not lead to one that is trusted: {0}")]
    Chain(String),
}

fn form(error: der::Error) -> StampFault {
    StampFault::Form(error.to_string())
}

/// Certificates from which chains of authorities begin.
#[derive(Debug, Clone)]
pub struct Anchors(Vec<TrustAnchor<'static>>);

impl Anchors {
    /// From a file of certificates in PEM; at least one.
    pub fn from_pem(pem: &[u8]) -> Result<Self, StampFault> {
        let told = |error: &dyn std::fmt::Display| StampFault::Form(error.to_string());
        let mut anchors = Vec::new();
        for found in CertificateDer::pem_slice_iter(pem) {
            let found = found.map_err(|error| told(&format!("{error:?}")))?;
            let anchor = webpki::anchor_from_trusted_cert(&found).map_err(|error| told(&error))?;
            anchors.push(anchor.to_owned());
        }
        if anchors.is_empty() { Err(told(&"no certificate in it")) } else { Ok(Self(anchors)) }
    }
}

/// The token of an authority's answer.
pub fn token_of(answer: &[u8]) -> Result<Vec<u8>, StampFault> {
    let answer = TimeStampResp::from_der(answer).map_err(form)?;
    // Granted, or granted with changes.
    if answer.status.status as u32 > 1 {
        return Err(StampFault::Refused);
    }
    answer.time_stamp_token.ok_or(StampFault::Refused)?.to_der().map_err(form)
}

/// Checks a token: over this imprint, in answer to this nonce, signed by the certificate inside, which leads to one of
/// the anchors. Without anchors the chain is left out. Gives the time it tells.
pub fn check(
    token: &[u8],
    imprint: &[u8; 32],
    nonce: Option<&[u8]>,
    anchors: Option<&Anchors>,
) -> Result<Instant, StampFault> {
    let outer = ContentInfo::from_der(token).map_err(form)?;
    if outer.content_type != SIGNED_DATA {
        return Err(StampFault::Form("it is not signed".to_owned()));
    }
    let message: SignedData = outer.content.decode_as().map_err(form)?;
    let inner = &message.encap_content_info;
    let content = inner.econtent.as_ref().filter(|_| inner.econtent_type == TST_INFO);
    let content = content.ok_or_else(|| StampFault::Form("it holds no time".to_owned()))?;
    let content: OctetString = content.decode_as().map_err(form)?;
    let info = TstInfo::from_der(content.as_bytes()).map_err(form)?;
    let over = &info.message_imprint;
    if over.hash_algorithm.oid != SHA_256 || over.hashed_message.as_bytes() != imprint {
        return Err(StampFault::Imprint);
    }
    if nonce.is_some_and(|nonce| info.nonce.as_ref().map(der::asn1::Int::as_bytes) != Some(nonce)) {
        return Err(StampFault::Nonce);
    }
    let since = info.gen_time.to_unix_duration();
    // RFC 3161: one signer, the authority.
    let [signer] = message.signer_infos.0.as_slice() else {
        return Err(StampFault::Form("it has not one signer".to_owned()));
    };
    let certificates = certificates(&message)?;
    let mine = certificates.iter().find(|(names, _)| *names == signer.sid).map(|(_, der)| der);
    let mine = CertificateDer::from(mine.ok_or(StampFault::Signature)?.as_slice());
    let certificate = EndEntityCert::try_from(&mine).map_err(|error| StampFault::Chain(error.to_string()))?;
    signature_holds(&certificate, signer, content.as_bytes())?;
    if let Some(anchors) = anchors {
        let others: Vec<CertificateDer<'_>> =
            certificates.iter().map(|(_, der)| CertificateDer::from(der.as_slice())).collect();
        let (at, usage) = (UnixTime::since_unix_epoch(since), KeyUsage::required(TIME_STAMPING));
        certificate
            .verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors.0, &others, at, usage, None, None)
            .map_err(|error| StampFault::Chain(error.to_string()))?;
    }
    instant(since).ok_or_else(|| StampFault::Form("a time nobody reaches".to_owned()))
}

fn instant(since: Duration) -> Option<Instant> {
    let seconds = i64::try_from(since.as_secs()).ok()?;
    Timestamp::from_second(seconds).ok().map(Instant::new)
}

/// The certificates inside, each with how a signer would name it.
fn certificates(signed: &SignedData) -> Result<Vec<(SignerIdentifier, Vec<u8>)>, StampFault> {
    let mut found = Vec::new();
    for choice in signed.certificates.iter().flat_map(|set| set.0.iter()) {
        let CertificateChoices::Certificate(certificate) = choice else { continue };
        let inner = &certificate.tbs_certificate;
        let named = cms::cert::IssuerAndSerialNumber {
            issuer: inner.issuer.clone(),
            serial_number: inner.serial_number.clone(),
        };
        found.push((SignerIdentifier::IssuerAndSerialNumber(named), certificate.to_der().map_err(form)?));
    }
    Ok(found)
}

/// The signature is over the signed attributes, and those name type and digest of the content.
fn signature_holds(
    certificate: &EndEntityCert<'_>,
    signer: &SignerInfo,
    content: &[u8],
) -> Result<(), StampFault> {
    let attributes = signer.signed_attrs.as_ref().ok_or(StampFault::Signature)?;
    let value = |oid: ObjectIdentifier| {
        let found = attributes.iter().find(|attribute| attribute.oid == oid)?;
        let [one] = found.values.as_slice() else { return None };
        Some(one.clone())
    };
    let digest_algorithm = signer.digest_alg.oid;
    let digest = match digest_algorithm {
        SHA_256 => Sha256::digest(content).to_vec(),
        SHA_384 => Sha384::digest(content).to_vec(),
        SHA_512 => Sha512::digest(content).to_vec(),
        other => return Err(StampFault::Algorithm(other.to_string())),
    };
    let told = value(MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
    let kind = value(CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    if told.is_none_or(|told| told.as_bytes() != digest) || kind != Some(TST_INFO) {
        return Err(StampFault::Signature);
    }
    let algorithms: &[&dyn SignatureVerificationAlgorithm] =
        match (signer.signature_algorithm.oid, digest_algorithm) {
            (RSA | RSA_SHA_256, SHA_256) => &[ring::RSA_PKCS1_2048_8192_SHA256],
            (RSA | RSA_SHA_384, SHA_384) => &[ring::RSA_PKCS1_2048_8192_SHA384],
            (RSA | RSA_SHA_512, SHA_512) => &[ring::RSA_PKCS1_2048_8192_SHA512],
            (ECDSA_SHA_256, SHA_256) => &[ring::ECDSA_P256_SHA256, ring::ECDSA_P384_SHA256],
            (ECDSA_SHA_384, SHA_384) => &[ring::ECDSA_P256_SHA384, ring::ECDSA_P384_SHA384],
            (other, _) => return Err(StampFault::Algorithm(other.to_string())),
        };
    let covered = attributes.to_der().map_err(form)?;
    let holds = |algorithm: &&dyn SignatureVerificationAlgorithm| {
        certificate.verify_signature(*algorithm, &covered, signer.signature.as_bytes()).is_ok()
    };
    if algorithms.iter().any(holds) { Ok(()) } else { Err(StampFault::Signature) }
}
