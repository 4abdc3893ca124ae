package org.consentgateway.sip.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as PEM files (RFC 7468). Immutable. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----",
                    Pattern.DOTALL);

    private Pem() {}

    /**
     * @throws IOException what is wrong with the file, to complete "FILE …"
     */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates =
                BLOCK.matcher(text(file))
                        .results()
                        .filter(block -> block.group(1).endsWith("CERTIFICATE"))
                        .map(block -> certificate(block.group(2)))
                        .toList();
        if (certificates.isEmpty()) {
            throw new IOException("holds no certificate (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    private static X509Certificate certificate(String base64) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            Certificate certificate =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
            return (X509Certificate) certificate;
        } catch (CertificateException notOne) {
            throw new IllegalArgumentException("holds a certificate that cannot be read", notOne);
        }
    }

    /**
     * A private key of any kind the runtime knows.
     *
     * @throws IOException what is wrong with the file, to complete "FILE …"; never its content
     */
    static PrivateKey key(Path file) throws IOException {
        Matcher block = BLOCK.matcher(text(file));
        while (block.find()) {
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return key(Base64.getMimeDecoder().decode(block.group(2)));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                        throw new IOException(
                                "is locked with a password; unlock it with: openssl pkey -in FILE"
                                        + " -out FILE");
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                        throw new IOException(
                                "is of the old form; convert it with: openssl pkcs8 -topk8"
                                        + " -nocrypt -in FILE -out FILE");
                default -> {
                    // a certificate or parameters beside the key
                }
            }
        }
        throw new IOException("holds no private key (-----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey key(byte[] pkcs8) throws IOException {
        for (String kind : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException anotherKind) {
                // the next one
            }
        }
        throw new IOException("holds a private key that is neither RSA nor EC nor Ed25519");
    }

    private static String text(Path file) throws IOException {
        try {
            // Latin 1 reads any bytes: a comment in a bundle may be in any encoding.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw new IOException("is not there", missing);
        } catch (IOException unreadable) {
            throw new IOException("cannot be read", unreadable);
        }
    }
}
