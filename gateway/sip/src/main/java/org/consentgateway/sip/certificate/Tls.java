package org.consentgateway.sip.certificate;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who we are over TLS, and whom we believe. Immutable. No ALPN, since some carriers reject it.
 *
 * @param own none for those who only call out and are asked for no certificate
 * @param roots PEM files of authorities that are believed
 * @param systemRoots whether those of the Java runtime are believed, too
 * @param revocation whether certificates of those who connect to us have been revoked
 * @param versions as the runtime calls them: "TLSv1.3", "TLSv1.2"
 */
public record Tls(
        Optional<Own> own,
        List<Path> roots,
        boolean systemRoots,
        ClientCertificate clientCertificate,
        Revocation revocation,
        List<String> versions) {
    public static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private static final int RESUMED_SECONDS = 600;

    /**
     * @param certificate PEM file: ours, then those between it and the root
     * @param key PEM file: its private key, PKCS#8
     */
    public record Own(Path certificate, Path key) {}

    /** What is wanted of those who connect to us. */
    public enum ClientCertificate {
        OFF("Disabled"),
        OPTIONAL("Want"),
        REQUIRED("Enabled");

        private final String word;

        ClientCertificate(String word) {
            this.word = word;
        }

        /** The stack's word. */
        public String word() {
            return word;
        }
    }

    /** What is wrong, of which file. */
    public record Wrong(Path file, String what) {}

    /** The same without a look at revocations. */
    public Tls(
            Optional<Own> own,
            List<Path> roots,
            boolean systemRoots,
            ClientCertificate clientCertificate,
            List<String> versions) {
        this(own, roots, systemRoots, clientCertificate, Revocation.UNCHECKED, versions);
    }

    public Tls {
        roots = List.copyOf(roots);
        versions = List.copyOf(versions);
    }

    /** For those who only call out: the runtime's roots, no certificate. */
    public static Tls usual() {
        return new Tls(Optional.empty(), List.of(), true, ClientCertificate.OFF, VERSIONS);
    }

    /** Looks at every file; empty if all is right. */
    public List<Wrong> wrong() {
        List<Wrong> wrong = new ArrayList<>();
        own.ifPresent(files -> {
            List<X509Certificate> chain =
                    looked(files.certificate(), wrong, () -> Pem.certificates(files.certificate()));
            List<PrivateKey> key = looked(files.key(), wrong, () -> List.of(Pem.key(files.key())));
            if (!chain.isEmpty() && !key.isEmpty() && !match(chain.getFirst(), key.getFirst())) {
                wrong.add(new Wrong(files.key(), "is not the key of " + files.certificate()));
            }
        });
        for (Path file : roots) {
            List<X509Certificate> _ = looked(file, wrong, () -> Pem.certificates(file));
        }
        for (Path file : revocation.lists()) {
            List<X509CRL> _ = looked(file, wrong, () -> Revocation.read(file));
        }
        return wrong;
    }

    private interface Look<T> {
        List<T> read() throws IOException;
    }

    private static <T> List<T> looked(Path file, List<Wrong> wrong, Look<T> look) {
        try {
            return look.read();
        } catch (IOException | IllegalArgumentException e) {
            wrong.add(new Wrong(file, String.valueOf(e.getMessage())));
            return List.of();
        }
    }

    /** Signs something and looks whether the certificate agrees. */
    private static boolean match(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            byte[] signed = signing.sign();
            signing.initVerify(certificate);
            return signing.verify(signed);
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }

    /**
     * @throws IOException if a file cannot be read, or holds no key
     */
    public SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.isPresent() ? keys(own.get()) : null, trust(), null);
            if (revocation.check() != Revocation.Check.OFF) {
                // Who resumes a session is not looked at again (RFC 8446 §2.2).
                context.getServerSessionContext().setSessionTimeout(RESUMED_SECONDS);
            }
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IOException("TLS cannot be set up: " + unusable.getMessage(), unusable);
        }
    }

    private static KeyManager[] keys(Own own) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] noPassword = new char[0];
        X509Certificate[] chain =
                Pem.certificates(own.certificate()).toArray(X509Certificate[]::new);
        store.setKeyEntry("own", Pem.key(own.key()), noPassword, chain);
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, noPassword);
        return keys.getKeyManagers();
    }

    /** All of them in one store: a certificate may come from either side. */
    private TrustManager[] trust() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Path file : roots) {
            for (X509Certificate root : Pem.certificates(file)) {
                store.setCertificateEntry("root-" + store.size(), root);
            }
        }
        if (systemRoots) {
            for (X509Certificate root : believing(null).getAcceptedIssuers()) {
                store.setCertificateEntry("system-" + store.size(), root);
            }
        }
        X509ExtendedTrustManager usual = believing(store);
        if (revocation.check() == Revocation.Check.OFF) {
            return new TrustManager[] {usual};
        }
        ClientChecks clients =
                new ClientChecks(
                        demanding(revocation, store),
                        revocation.check() == Revocation.Check.OCSP
                                ? Optional.of(whereSilent(store, usual))
                                : Optional.empty());
        return new TrustManager[] {new CheckedClients(clients, usual)};
    }

    /** As where a responder cannot be reached. */
    private ClientChecks.Silent whereSilent(KeyStore store, X509ExtendedTrustManager usual)
            throws IOException, GeneralSecurityException {
        if (!revocation.lists().isEmpty()) {
            return new ClientChecks.Silent(
                    Optional.of(demanding(revocation.byListsAlone(), store)));
        }
        return new ClientChecks.Silent(
                revocation.softFail() ? Optional.of(usual) : Optional.empty());
    }

    private static X509ExtendedTrustManager demanding(Revocation revocation, KeyStore roots)
            throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(revocation.demands(roots));
        return only(factory);
    }

    private static X509ExtendedTrustManager believing(@Nullable KeyStore roots)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(roots);
        return only(factory);
    }

    private static X509ExtendedTrustManager only(TrustManagerFactory factory) {
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }
}
