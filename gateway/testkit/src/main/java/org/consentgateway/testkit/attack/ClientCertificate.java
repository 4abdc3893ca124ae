package org.consentgateway.testkit.attack;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What is shown to a gateway that wants a certificate of whoever connects (mutual TLS), if
 * anything. Immutable.
 *
 * @param own a certificate and its key; without entries: nothing is shown
 */
record ClientCertificate(KeyStore own) {
    private static final char[] PASSWORD = {};
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");

    /**
     * @param certificate PEM file, those between it and the root behind it; empty: none
     * @param key PEM file of its private key: PKCS#8, no password
     * @throws IllegalArgumentException where they are not that
     */
    static ClientCertificate of(String certificate, String key) {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException(
                    "--certificate and --key belong together: two PEM files");
        }
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, PASSWORD);
            if (!certificate.isEmpty()) {
                byte[] octets = Files.readAllBytes(Path.of(certificate));
                Certificate[] chain =
                        CertificateFactory.getInstance("X.509")
                                .generateCertificates(new ByteArrayInputStream(octets))
                                .toArray(Certificate[]::new);
                own.setKeyEntry("own", key(Path.of(key)), PASSWORD, chain);
            }
            return new ClientCertificate(own);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "--certificate %s, --key %s: %s".formatted(certificate, key, e), e);
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new GeneralSecurityException(
                    "no PRIVATE KEY in it; make one of another by: openssl pkcs8 -topk8 -nocrypt");
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException another) {
                // of the next kind, then
            }
        }
        throw new GeneralSecurityException("its key is none of " + ALGORITHMS);
    }

    boolean isNone() {
        try {
            return own.size() == 0;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Anew each time, so that no handshake is spared by an earlier one. */
    SSLContext context() throws GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
        return context;
    }

    /** Believes every certificate: whom is attacked is for the operator to know. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
