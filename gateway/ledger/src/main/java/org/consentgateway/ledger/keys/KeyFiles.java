package org.consentgateway.ledger.keys;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Immutable. The keys as they stood when read from their directory, which lies outside the
 * database:
 *
 * <pre>
 * payload.keys         0600  AES-256 for payloads and salts, a key for each entry; those of erased
 *                            ones are gone; the same on every node
 * pseudonym.keys       0600  HMAC for caller numbers; the same on every node
 * signing-NODE.keys    0600  Ed25519 of that node's checkpoints
 * verifier.keys        0644  all public halves: what an auditor is given
 * caller.keys          0600  not of the log: HMAC for what callers are called to assistants; the same
 *                            on every node
 * webhook.keys         0600  not of the log: what signs messages to other systems; the same on every
 *                            node
 * token-NODE.keys      0600  not of the log: {@link JwsKeys}
 * </pre>
 *
 * Where there is a {@code wrapping.json}, secret files are sealed: {@link KeyWrapping}. Each file
 * holds one key a line, oldest first; the last is used for what is new, the others for what is old.
 * Of signing keys only the one in force is kept once the log has said so. Lose the pseudonym key
 * and the log is anonymous; lose the payload key and it proves only order and time.
 */
public record KeyFiles(
        PayloadKeys payload,
        SecretKeys pseudonym,
        List<SigningKey> signing,
        List<VerifierKey> verifiers) {

    private static final String VERIFIERS = "verifier.keys";

    /** Within this process, where a file's lock tells nobody apart. */
    private static final ReentrantLock HERE = new ReentrantLock();

    /** What can be said to an operator about a key directory. */
    static final class Unusable extends IOException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    public SigningKey currentSigning() {
        return signing.getLast();
    }

    /** Reads the keys of this node, creating what is missing. */
    public static KeyFiles open(Path directory, String node, String logOrigin) throws IOException {
        DurableFile.directory(directory, "rwx------");
        return locked(
                directory,
                () -> {
                    PayloadKeyFile.create(directory);
                    createSecret(directory.resolve("pseudonym.keys"));
                    Path signing = signingFile(directory, node);
                    if (!Files.exists(signing)) {
                        addSigning(directory, node, logOrigin);
                    } else if (!Files.exists(directory.resolve(VERIFIERS))) {
                        writeVerifiers(
                                directory,
                                signing(signing).stream().map(SigningKey::verifier).toList());
                    }
                    return read(directory, node);
                });
    }

    /**
     * Reads them once more: nothing is made in place of what is gone meanwhile.
     *
     * @throws IOException also where somebody else is at them: whoever commits waits for nobody
     */
    public KeyFiles again(Path directory, String node) throws IOException {
        return unlessLocked(directory, () -> read(directory, node, signing));
    }

    /** Which of the files that {@link #open} would make are not there. */
    public static List<Path> missing(Path directory, String node) {
        return Stream.of(
                        directory.resolve(PayloadKeyFile.NAME),
                        directory.resolve("pseudonym.keys"),
                        signingFile(directory, node))
                .filter(file -> !Files.exists(file))
                .toList();
    }

    /** Whether it belongs to one node alone. */
    public static boolean isOfNode(Path file, String node) {
        return file.getFileName().toString().equals("signing-" + node + ".keys");
    }

    /** New keys for all that is written from now on; a running gateway takes them up by itself. */
    public static KeyFiles rotate(Path directory, String node, String logOrigin, Instant now)
            throws IOException {
        open(directory, node, logOrigin);
        PayloadKeys _ = PayloadKeyFile.rotate(directory);
        return rotateOthers(directory, node, logOrigin, now);
    }

    /** The same but for payloads: everything is sealed under a new one already. */
    public static KeyFiles rotateOthers(Path directory, String node, String logOrigin, Instant now)
            throws IOException {
        open(directory, node, logOrigin);
        return locked(
                directory,
                () -> {
                    Path path = directory.resolve("pseudonym.keys");
                    DurableFile.keepSecret(path, utf8(secrets(path).rotated().text()));
                    rotateSigning(directory, node, logOrigin, now);
                    return read(directory, node);
                });
    }

    private static void rotateSigning(Path directory, String node, String logOrigin, Instant now)
            throws IOException {
        SigningKey old = signing(signingFile(directory, node)).getLast();
        addSigning(directory, node, logOrigin);
        live(
                directory,
                old.verifier(),
                key -> key.life().isOver() ? key : key.living(key.life().until(now)));
    }

    /**
     * Nothing that this key alone has signed is believed from now on. Where it signs, another one
     * takes its place.
     *
     * @param hash as auditors know it, eight hex digits
     * @throws IOException also where there is no such key, or it is another node's
     */
    public static KeyFiles revoke(
            Path directory, String node, String logOrigin, String hash, Instant now)
            throws IOException {
        open(directory, node, logOrigin);
        return locked(
                directory,
                () -> {
                    List<VerifierKey> found =
                            verifiers(directory.resolve(VERIFIERS)).stream()
                                    .filter(key -> key.hash().equals(hash))
                                    .toList();
                    if (found.size() != 1) {
                        throw new Unusable(
                                "there is no one key "
                                        + hash
                                        + " in "
                                        + directory.resolve(VERIFIERS));
                    }
                    VerifierKey key = found.getFirst();
                    String of = key.name().substring(key.name().lastIndexOf('/') + 1);
                    Path own = signingFile(directory, of);
                    if (!Files.exists(own)) {
                        throw new Unusable(
                                "key " + hash + " is of node " + of + ": revoke it there");
                    }
                    if (signing(own).getLast().verifier().isSame(key)) {
                        rotateSigning(directory, of, key.name(), now);
                    }
                    live(
                            directory,
                            key,
                            one ->
                                    one.life().revoked() == null
                                            ? one.living(one.life().revoked(now))
                                            : one);
                    return read(directory, node);
                });
    }

    private static void live(Path directory, VerifierKey key, UnaryOperator<VerifierKey> change)
            throws IOException {
        writeVerifiers(
                directory,
                verifiers(directory.resolve(VERIFIERS)).stream()
                        .map(one -> one.isSame(key) ? change.apply(one) : one)
                        .toList());
    }

    private static void writeVerifiers(Path directory, List<VerifierKey> keys) throws IOException {
        StringBuilder text = new StringBuilder();
        keys.forEach(key -> text.append(key.line()).append('\n'));
        DurableFile.publish(directory.resolve(VERIFIERS), utf8(text.toString()));
    }

    /**
     * Takes down what logs have said of their keys.
     *
     * @param told keys with their lives; those of other logs and unknown ones stay as they are
     * @throws IOException also where somebody else is at the directory
     */
    public static void learn(Path directory, List<VerifierKey> told) throws IOException {
        Boolean _ =
                unlessLocked(
                        directory,
                        () -> {
                            List<VerifierKey> known = verifiers(directory.resolve(VERIFIERS));
                            List<VerifierKey> merged = new ArrayList<>();
                            for (VerifierKey key : known) {
                                merged.add(
                                        told.stream()
                                                .filter(key::isSame)
                                                .findFirst()
                                                .map(one -> key.living(key.life().and(one.life())))
                                                .orElse(key));
                            }
                            told.stream()
                                    .filter(key -> known.stream().noneMatch(key::isSame))
                                    .forEach(merged::add);
                            if (!lines(merged).equals(lines(known))) {
                                writeVerifiers(directory, merged);
                            }
                            return true;
                        });
    }

    private static List<String> lines(List<VerifierKey> keys) {
        return keys.stream().map(VerifierKey::line).toList();
    }

    /**
     * Of the keys of a node only the one that signs is kept: no thief finds the others.
     *
     * @throws IOException also where somebody else is at the directory
     */
    public static void forgetOldSigning(Path directory, String node, SigningKey current)
            throws IOException {
        Boolean _ =
                unlessLocked(
                        directory,
                        () -> {
                            Path file = signingFile(directory, node);
                            List<String> left =
                                    secretText(file)
                                            .lines()
                                            .dropWhile(line -> !line.equals(current.text()))
                                            .toList();
                            if (!left.isEmpty()) {
                                DurableFile.keepSecret(file, utf8(String.join("\n", left) + "\n"));
                            }
                            return true;
                        });
    }

    /**
     * Destroys the private key of a log that has ended: nobody signs it on. The public one stays,
     * for what it has signed until now.
     */
    public static void retire(Path directory, String log, Instant now) throws IOException {
        Boolean _ =
                locked(
                        directory,
                        () -> {
                            for (VerifierKey key : verifiers(directory.resolve(VERIFIERS))) {
                                if (key.name().endsWith("/" + log) && !key.life().isOver()) {
                                    live(directory, key, one -> one.living(one.life().until(now)));
                                }
                            }
                            Files.deleteIfExists(signingFile(directory, log));
                            return true;
                        });
    }

    public boolean isRevoked(VerifierKey key) {
        return verifiers.stream().anyMatch(one -> one.isSame(key) && one.life().revoked() != null);
    }

    private static KeyFiles read(Path directory, String node) throws IOException {
        return read(directory, node, List.of());
    }

    private static KeyFiles read(Path directory, String node, List<SigningKey> known)
            throws IOException {
        return new KeyFiles(
                PayloadKeyFile.read(directory.resolve(PayloadKeyFile.NAME)),
                secrets(directory.resolve("pseudonym.keys")),
                signing(signingFile(directory, node), known),
                verifiers(directory.resolve(VERIFIERS)));
    }

    private static List<SigningKey> signing(Path file) throws IOException {
        return signing(file, List.of());
    }

    /**
     * @param known need not be proved to be pairs again, which takes as long as to sign twice
     */
    private static List<SigningKey> signing(Path file, List<SigningKey> known) throws IOException {
        List<SigningKey> signing = new ArrayList<>();
        for (String line : secretText(file).lines().toList()) {
            signing.add(
                    known.stream()
                            .filter(key -> key.text().equals(line))
                            .findFirst()
                            .or(() -> SigningKey.parse(line))
                            .orElseThrow(() -> malformed(file)));
        }
        if (signing.isEmpty()) {
            throw malformed(file);
        }
        return List.copyOf(signing);
    }

    public static SecretKeys pseudonymKeys(Path directory) throws IOException {
        Path file = directory.resolve("pseudonym.keys");
        if (!Files.isReadable(file)) {
            throw new Unusable("no pseudonym keys in " + directory + ": no caller can be found");
        }
        return secrets(file);
    }

    /**
     * By which callers are named to others outside: created where there is none, and never changed,
     * since those others would not find them again.
     */
    public static SecretKeys.Key callerKey(Path directory) throws IOException {
        return secret(directory, "caller.keys").keys().getFirst();
    }

    /** The seed of what signs messages to other systems: created where there is none. */
    public static SecretKeys.Key webhookKey(Path directory) throws IOException {
        return secret(directory, "webhook.keys").current();
    }

    private static SecretKeys secret(Path directory, String name) throws IOException {
        DurableFile.directory(directory, "rwx------");
        return locked(
                directory,
                () -> {
                    Path file = directory.resolve(name);
                    createSecret(file);
                    return secrets(file);
                });
    }

    /** The key this node signs with now; empty where it is not here. */
    public static Optional<SigningKey> signingKey(Path directory, String node) {
        Path file = signingFile(directory, node);
        try {
            return Files.isReadable(file)
                    ? SigningKey.parse(secretText(file).lines().toList().getLast())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Public keys, one a line; lines of # are comments. */
    public static List<VerifierKey> verifiers(Path file) throws IOException {
        List<VerifierKey> keys = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            keys.add(VerifierKey.parseLine(line).orElseThrow(() -> malformed(file)));
        }
        return List.copyOf(keys);
    }

    /** Whom a verifier believes (C2SP tlog-policy). */
    public static TrustPolicy policy(Path file) throws IOException {
        try {
            return TrustPolicy.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void createSecret(Path file) throws IOException {
        if (!Files.exists(file)) {
            SecretKeys first = new SecretKeys(List.of(SecretKeys.Key.create()));
            DurableFile.keepSecret(file, utf8(first.text()));
        }
    }

    /** The public half is written first: a signature nobody can check must not exist. */
    private static void addSigning(Path directory, String node, String logOrigin)
            throws IOException {
        SigningKey key = SigningKey.create(logOrigin);
        Path verifier = directory.resolve(VERIFIERS);
        String known = Files.exists(verifier) ? Files.readString(verifier) : "";
        DurableFile.publish(verifier, utf8(known + key.verifier().text() + "\n"));
        Path file = signingFile(directory, node);
        String old = Files.exists(file) ? secretText(file) : "";
        DurableFile.keepSecret(file, utf8(old + key.text() + "\n"));
    }

    private static SecretKeys secrets(Path file) throws IOException {
        return SecretKeys.parse(secretText(file)).orElseThrow(() -> malformed(file));
    }

    static String secretText(Path file) throws IOException {
        if (DurableFile.posix(file)) {
            Set<PosixFilePermission> allowed =
                    Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            if (!allowed.containsAll(Files.getPosixFilePermissions(file))) {
                throw new Unusable(
                        "key file " + file + " is open to others: chmod 600 it, then rotate keys");
            }
        }
        return KeyWrapping.unwrapped(file, Files.readString(file));
    }

    private static Path signingFile(Path directory, String node) {
        return directory.resolve("signing-" + node + ".keys");
    }

    static Unusable malformed(Path file) {
        return new Unusable("key file " + file + " is damaged: restore it from its backup");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Two processes starting at once must not both create keys. What opens wrapped keys is asked
     * before: a person or a service may take long, and a gateway must not wait for either.
     */
    static <T> T locked(Path directory, Work<T> work) throws IOException {
        KeyWrapping.open(directory);
        return alone(directory, work);
    }

    /** The same where nobody has to be asked. */
    static <T> T alone(Path directory, Work<T> work) throws IOException {
        HERE.lock();
        try (FileChannel channel = lockFile(directory);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new Unusable("key directory " + directory + " cannot be locked");
            }
            return work.run();
        } finally {
            HERE.unlock();
        }
    }

    /**
     * The same for whom callers wait.
     *
     * @throws IOException also where somebody else is at it
     */
    private static <T> T unlessLocked(Path directory, Work<T> work) throws IOException {
        if (!HERE.tryLock()) {
            throw inUse(directory);
        }
        try (FileChannel channel = lockFile(directory);
                FileLock lock = channel.tryLock()) {
            if (lock == null || !lock.isValid()) {
                throw inUse(directory);
            }
            return work.run();
        } finally {
            HERE.unlock();
        }
    }

    private static FileChannel lockFile(Path directory) throws IOException {
        return FileChannel.open(
                directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static Unusable inUse(Path directory) {
        return new Unusable("somebody else is at the key directory " + directory);
    }
}
