package org.consentgateway.sip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Immutable. Who we are over TLS, and whom we believe. Versions 1.2 and 1.3; no ALPN, since some
 * carriers reject it.
 *
 * @param keyStore PKCS#12 file with our key and certificate chain
 * @param password of both files
 * @param trustStore PKCS#12 file with the roots of the providers; where none is given, those of the
 *     Java runtime
 * @param clientCertificate whether those who connect to us must show one
 */
public record Tls(
        Path keyStore, String password, Optional<Path> trustStore, boolean clientCertificate) {

    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    @Override
    public String toString() {
        return "Tls[keyStore=" + keyStore + ", trustStore=" + trustStore + "]";
    }

    /**
     * @throws IOException where a file cannot be read, or holds no key
     */
    SSLContext context() throws IOException {
        try {
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(keyStore), password.toCharArray());
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore.isPresent() ? load(trustStore.get()) : null);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IOException(keyStore + ": " + unusable.getMessage(), unusable);
        }
    }

    private KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        return store;
    }
}
