package org.consentgateway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Immutable. PEM files of an authority of our own and of some who have its signature, or not. */
public final class Certificates {
    /** For localhost and 127.0.0.1. */
    public static final String GATEWAY = "gateway";

    /** For other.example and provider.example. */
    public static final String OTHER = "other";

    /** For localhost, too, but signed by nobody. */
    public static final String STRANGER = "stranger";

    /** For the provider of the TLS profile. */
    public static final String PROVIDER = "provider";

    private static final String PASSWORD = "changeit";

    private static @Nullable Certificates made;

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /** The same in each folder of this JVM: to make them is two seconds of a processor. */
    public static Certificates in(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(made().folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        return new Certificates(folder);
    }

    private static synchronized Certificates made() throws Exception {
        if (made == null) {
            Path folder = Files.createTempDirectory("certificates");
            made = made(folder);
            try (Stream<Path> files = Files.list(folder)) {
                folder.toFile().deleteOnExit(); // behind what is in it
                files.forEach(file -> file.toFile().deleteOnExit());
            }
        }
        return made;
    }

    private static Certificates made(Path folder) throws Exception {
        Certificates all = new Certificates(folder);
        all.made("-alias ca -dname CN=authority -ext bc:critical=ca:true");
        all.made(
                "-alias gateway -dname CN=gateway -signer ca"
                        + " -ext SAN=dns:localhost,ip:127.0.0.1");
        all.made(
                "-alias other -dname CN=other -signer ca"
                        + " -ext SAN=dns:other.example,dns:provider.example");
        all.made(
                "-alias provider -dname CN=provider -signer ca -ext"
                        + " SAN=dns:551234567890.primary.companyflex.de,dns:edge.companyflex.de");
        all.made("-alias stranger -dname CN=stranger -ext SAN=dns:localhost,ip:127.0.0.1");
        all.write();
        return all;
    }

    /** The authority that signed all but the stranger. */
    public Path root() {
        return folder.resolve("ca.crt");
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** Of one who has this certificate, believes the authority and wants none from others. */
    public SSLContext context(String name) throws IOException {
        try {
            KeyStore all = load();
            KeyStore own = empty();
            own.setKeyEntry(
                    name,
                    all.getKey(name, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    all.getCertificateChain(name));
            KeyStore believed = empty();
            believed.setCertificateEntry("ca", all.getCertificate("ca"));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, PASSWORD.toCharArray());
            var roots = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            roots.init(believed);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), roots.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD.toCharArray());
        return store;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("all.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** Makes one more for localhost, signed by the authority, that ended yesterday: its name. */
    public String ended() throws Exception {
        made(
                "-alias ended -dname CN=ended -signer ca -startdate -3d"
                        + " -ext SAN=dns:localhost,ip:127.0.0.1");
        write();
        return "ended";
    }

    /**
     * A list of revoked certificates (CRL), as PEM.
     *
     * @param by who says so
     * @param revoked whose certificates
     */
    public Path revoked(String by, String... revoked) throws Exception {
        Path list = folder.resolve(by + "-" + String.join("-", revoked) + ".crl");
        StringBuilder serials = new StringBuilder();
        for (String name : revoked) {
            serials.append(" -id ").append(serial(name));
        }
        // A list has to hold somebody.
        keytool(
                "-gencrl -rfc -validity 2 -alias "
                        + by
                        + (revoked.length == 0 ? " -id 1" : serials)
                        + " -file "
                        + list.getFileName());
        return list;
    }

    public BigInteger serial(String name) throws IOException {
        try {
            return ((X509Certificate) load().getCertificate(name)).getSerialNumber();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void made(String command) throws IOException, InterruptedException {
        keytool("-genkeypair -keyalg EC -validity 2 " + command);
    }

    private void keytool(String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        words.add("-J-XX:TieredStopAtLevel=1"); // a tenth of a second's work
        words.add("-J-XX:+UseSerialGC");
        for (String rounds : List.of("keyPbe", "certPbe", "mac")) {
            words.add("-J-Dkeystore.pkcs12." + rounds + "IterationCount=1"); // nothing is secret
        }
        words.addAll(List.of(command.split(" ", -1)));
        words.addAll(
                List.of("-keystore", "all.p12", "-storetype", "PKCS12", "-storepass", PASSWORD));
        Path said = folder.resolve("keytool.txt");
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException(Files.readString(said));
        }
    }

    private void write() throws IOException, GeneralSecurityException {
        KeyStore store = load();
        for (String name : java.util.Collections.list(store.aliases())) {
            StringBuilder chain = new StringBuilder();
            for (Certificate each : store.getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", each.getEncoded()));
            }
            Files.writeString(certificate(name), chain);
            byte[] key = store.getKey(name, PASSWORD.toCharArray()).getEncoded();
            Files.writeString(key(name), pem("PRIVATE KEY", key));
        }
    }

    private static String pem(String what, byte[] der) {
        String body =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }
}
