"""Tokens, passwords and chance: what proves who someone is."""

from stockade.analysis.libraries.model import (
    Clean,
    Guard,
    Model,
    Noted,
    Passes,
    Returns,
    Sanitizer,
    every,
)

_HASHES = (
    "hashlib.{md5,sha1,sha224,sha256,sha384,sha512,blake2b,blake2s,new}",
    "hashlib.{sha3_224,sha3_256,sha3_384,sha3_512}",
)

MODELS: tuple[Model, ...] = (
    # A digest says nothing that the sender could have chosen.
    *(Returns(name, "hashlib.Hash") for name in every(*_HASHES)),
    *(
        Clean(name)
        for name in every("hashlib.Hash.{digest,hexdigest}", "hashlib.{pbkdf2_hmac,scrypt}")
    ),
    *(Clean(name) for name in every("hmac.{new,digest,compare_digest}", "hmac.HMAC.*", "hmac.*")),
    *(
        Clean(name)
        for name in every(
            "bcrypt.{hashpw,checkpw,gensalt}",
            "argon2.{hash_password,verify_password}",
            "argon2.PasswordHasher.*",
            "werkzeug.security.{generate_password_hash,check_password_hash}",
            "passlib.hash.{bcrypt,argon2,pbkdf2_sha256,pbkdf2_sha512,sha256_crypt,sha512_crypt}.*",
            "passlib.context.CryptContext.*",
            "secrets.*",
            "random.{random,randint,randrange,uniform,getrandbits,randbytes}",
            "uuid.{uuid1,uuid3,uuid4,uuid5}",
            "{zlib,binascii}.{crc32,adler32}",
        )
    ),
    # Made of hexadecimal digits, or an error.
    *(Sanitizer(name, "*") for name in every("uuid.UUID")),
    Returns("argon2.PasswordHasher", "argon2.PasswordHasher"),
    Returns("passlib.context.CryptContext", "passlib.context.CryptContext"),
    # A token holds its claims, not the key that it was signed with.
    *(
        Passes(name, argument, "result")
        for name, argument in (
            ("jwt.encode", "payload@0"),
            ("jwt.PyJWT.encode", "payload@0"),
            ("jose.jwt.encode", "claims@0"),
        )
    ),
    Noted("hashlib.Hash.update"),
    *(
        Noted(name)
        for name in every(
            "hmac.{new,digest}",
            "cryptography.fernet.Fernet",
            "cryptography.hazmat.primitives.ciphers.{algorithms.AES,aead.AESGCM}",
            "{Crypto,Cryptodome}.Cipher.{AES,DES,DES3,Blowfish,ARC4}.new",
            "{Crypto,Cryptodome}.Cipher.{ChaCha20,ChaCha20_Poly1305}.new",
        )
    ),
    # Chance that can be foreseen: what it is used for decides.
    *(
        Noted(f"random.{name}")
        for name in ("choice", "choices", "sample", "shuffle", "triangular", "gauss")
    ),
    # What tokens are read, verified and issued with.
    *(
        Noted(name)
        for name in every(
            "jwt.{decode,decode_complete,encode,api_jwt.decode}",
            "jwt.PyJWT.{decode,encode}",
            "{jose,authlib.jose,joserfc}.jwt.{decode,encode}",
            "jose.{jwt,jws}.get_unverified_claims",
            "jose.{jws.verify,jwk.construct}",
            "cognitojwt.decode",
            "firebase_admin.auth.verify_id_token",
            "google.oauth2.id_token.verify_oauth2_token",
            "base64.{b64decode,urlsafe_b64decode,standard_b64decode}",
        )
    ),
    Guard("uuid.UUID", "@0", raises=True),
)
