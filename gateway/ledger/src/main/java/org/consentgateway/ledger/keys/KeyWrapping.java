package org.consentgateway.ledger.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Secret key files that are of no use without something that does not lie beside them:
 * each is sealed under one key of the directory, and that one under a passphrase, by a key in a
 * PKCS #11 token, or by a command, such as a client of a key management service. {@code
 * wrapping.json} in the directory says how.
 */
public final class KeyWrapping {
    static final String NAME = "wrapping.json";

    /** Set for the gateway and for each command. */
    public static final String PASSPHRASE = "CONSENT_KEYS_PASSPHRASE";

    /** Of a token, for the gateway and for each command. */
    public static final String PIN = "CONSENT_KEYS_PIN";

    /** In the directory that systemd gives a service for its credentials. */
    private static final String CREDENTIAL = "keys-passphrase";

    private static final String PIN_CREDENTIAL = "keys-pin";

    private static final String MARK = "wrapped ";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BITS = 256;
    private static final int ITERATIONS = 600_000;
    private static final int MIN_PASSPHRASE = 12;
    private static final long COMMAND_SECONDS = 30;
    private static final JsonMapper JSON = new JsonMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What was opened once: asking takes a second, or a network. By the text of wrapping.json. */
    private static final Map<String, byte[]> OPENED = new ConcurrentHashMap<>();

    /** By the same text. A token locks after a few wrong PINs: in one process it is asked once. */
    private static final Map<String, KeyFiles.Unusable> REFUSED = new ConcurrentHashMap<>();

    private KeyWrapping() {}

    /** Where the passphrase comes from, by the environment; empty where there is none. */
    public static Optional<String> passphrase(Map<String, String> environment) throws IOException {
        return secret(environment, PASSPHRASE, CREDENTIAL);
    }

    /** Where the PIN of a token comes from; empty where there is none. */
    public static Optional<String> pin(Map<String, String> environment) throws IOException {
        return secret(environment, PIN, PIN_CREDENTIAL);
    }

    private static Optional<String> secret(
            Map<String, String> environment, String variable, String credential)
            throws IOException {
        String set = environment.get(variable);
        if (set != null && !set.isEmpty()) {
            return Optional.of(set);
        }
        String credentials = environment.get("CREDENTIALS_DIRECTORY");
        Path file = credentials == null ? null : Path.of(credentials, credential);
        return file != null && Files.isReadable(file)
                ? Optional.of(Files.readString(file).strip())
                : Optional.empty();
    }

    /** From now on the secret files here are sealed under a passphrase. */
    public static void byPassphrase(Path directory, String passphrase) throws IOException {
        if (passphrase.length() < MIN_PASSPHRASE) {
            throw new KeyFiles.Unusable(
                    "a passphrase of fewer than " + MIN_PASSPHRASE + " characters is guessed");
        }
        byte[] key = random(KEY_BITS / 8);
        byte[] salt = random(16);
        ObjectNode how = JSON.createObjectNode();
        how.put("by", "passphrase");
        how.put("salt", base64(salt));
        how.put("iterations", ITERATIONS);
        how.put("key", base64(sealed(derived(passphrase, salt, ITERATIONS), NAME, key)));
        wrap(directory, how, key);
    }

    /**
     * From now on they are sealed under a key that a command seals and opens.
     *
     * @param command and its arguments; called with {@code wrap} or {@code unwrap} behind them,
     *     octets in and out over standard input and output
     */
    public static void byCommand(Path directory, List<String> command) throws IOException {
        byte[] key = random(KEY_BITS / 8);
        byte[] blob = run(command, "wrap", key);
        if (!Arrays.equals(run(command, "unwrap", blob), key)) {
            throw new KeyFiles.Unusable("what " + command.getFirst() + " wraps it does not unwrap");
        }
        ObjectNode how = JSON.createObjectNode();
        how.put("by", "command");
        command.forEach(how.putArray("command")::add);
        how.put("key", base64(blob));
        wrap(directory, how, key);
    }

    /**
     * From now on they are sealed under a key that is sealed and opened in a PKCS #11 token.
     *
     * @param module its library
     * @param slotIndex of the slots that have a token, from 0
     * @param label of an AES key in it
     */
    public static void byToken(Path directory, Path module, int slotIndex, String label, String pin)
            throws IOException {
        var token = new HardwareToken(module, slotIndex, label);
        byte[] key = random(KEY_BITS / 8);
        byte[] blob = token.sealed(pin, key);
        if (!Arrays.equals(token.opened(pin, blob), key)) {
            throw new KeyFiles.Unusable("what " + token + " seals it does not open");
        }
        ObjectNode how = JSON.createObjectNode();
        how.put("by", "pkcs11");
        how.put("module", module.toString());
        how.put("slot_index", slotIndex);
        how.put("label", label);
        how.put("key", base64(blob));
        wrap(directory, how, key);
    }

    /** The secret files lie open again, for this account. */
    public static void end(Path directory) throws IOException {
        texts(directory); // so whoever opens them is asked before they are locked
        boolean _ =
                KeyFiles.alone(
                        directory,
                        () -> {
                            Map<Path, String> texts = texts(directory);
                            // The files first: until all are open, it is still known how.
                            for (Map.Entry<Path, String> file : texts.entrySet()) {
                                DurableFile.keepOpen(file.getKey(), utf8(file.getValue()));
                            }
                            return Files.deleteIfExists(directory.resolve(NAME));
                        });
    }

    private static void wrap(Path directory, ObjectNode how, byte[] key) throws IOException {
        boolean _ =
                KeyFiles.alone(
                        directory,
                        () -> {
                            Path file = directory.resolve(NAME);
                            if (Files.exists(file)) {
                                throw new KeyFiles.Unusable(
                                        "the keys are wrapped already: keys unwrap first");
                            }
                            Map<Path, String> texts = texts(directory);
                            String text = how.toString();
                            OPENED.put(text, key);
                            DurableFile.keepOpen(file, utf8(text));
                            for (Map.Entry<Path, String> each : texts.entrySet()) {
                                DurableFile.keepSecret(each.getKey(), utf8(each.getValue()));
                            }
                            return true;
                        });
    }

    /** All secret files, opened. */
    private static Map<Path, String> texts(Path directory) throws IOException {
        Map<Path, String> texts = new java.util.TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".keys") && !name.equals("verifier.keys")) {
                    texts.put(file, KeyFiles.secretText(file));
                }
            }
        }
        return texts;
    }

    /** As it is written: sealed where the directory says so. */
    static byte[] wrapped(Path file, byte[] content) throws IOException {
        byte[] key = key(file);
        return key == null ? content : utf8(MARK + base64(sealed(key, name(file), content)) + "\n");
    }

    /** What was written. */
    static String unwrapped(Path file, String text) throws IOException {
        if (!text.startsWith(MARK)) {
            return text; // it was there before
        }
        byte[] key = key(file);
        if (key == null) {
            throw new KeyFiles.Unusable(
                    file + " is wrapped, and " + NAME + " beside it is gone: restore it");
        }
        byte[] blob = Base64.getDecoder().decode(text.substring(MARK.length()).strip());
        return new String(
                opened(key, name(file), blob).orElseThrow(() -> KeyFiles.malformed(file)), UTF_8);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Asks whoever opens what is wrapped here, where nobody did so yet. */
    static void open(Path directory) throws IOException {
        byte[] _ = key(directory.resolve(NAME));
    }

    /** Null where files lie open. */
    private static byte @Nullable [] key(Path file) throws IOException {
        Path how = file.resolveSibling(NAME);
        if (!Files.exists(how)) {
            return null;
        }
        String text = Files.readString(how);
        byte[] known = OPENED.get(text);
        return known == null ? openedOnce(how, text) : known;
    }

    private static synchronized byte[] openedOnce(Path how, String text) throws IOException {
        byte[] known = OPENED.get(text);
        if (known == null) {
            known = open(how, JSON.readTree(text));
            OPENED.put(text, known);
        }
        return known;
    }

    private static byte[] open(Path file, JsonNode how) throws IOException {
        byte[] blob = Base64.getDecoder().decode(how.path("key").asText());
        if (how.path("by").asText().equals("command")) {
            List<String> command = new ArrayList<>();
            how.path("command").forEach(part -> command.add(part.asText()));
            return run(command, "unwrap", blob);
        }
        if (how.path("by").asText().equals("pkcs11")) {
            return byToken(how, blob);
        }
        String passphrase =
                passphrase(System.getenv())
                        .orElseThrow(() ->
                                new KeyFiles.Unusable(
                                        "the keys are wrapped under a passphrase: set "
                                                + PASSPHRASE
                                                + ", or the credential "
                                                + CREDENTIAL
                                                + " of the service"));
        byte[] salt = Base64.getDecoder().decode(how.path("salt").asText());
        return opened(derived(passphrase, salt, how.path("iterations").asInt()), NAME, blob)
                .orElseThrow(() ->
                        new KeyFiles.Unusable("it is not the passphrase of " + file.getParent()));
    }

    private static byte[] byToken(JsonNode how, byte[] blob) throws IOException {
        String text = how.toString();
        KeyFiles.Unusable before = REFUSED.get(text);
        if (before != null) {
            throw before;
        }
        var token =
                new HardwareToken(
                        Path.of(how.path("module").asText()),
                        how.path("slot_index").asInt(),
                        how.path("label").asText());
        try {
            return token.opened(requiredPin(System.getenv()), blob);
        } catch (KeyFiles.Unusable e) {
            REFUSED.put(text, e);
            throw e;
        }
    }

    /**
     * @throws KeyFiles.Unusable where there is none
     */
    public static String requiredPin(Map<String, String> environment) throws IOException {
        return pin(environment)
                .orElseThrow(() ->
                        new KeyFiles.Unusable(
                                "the PIN of the token that keeps the keys is not here: set "
                                        + PIN
                                        + ", or the credential "
                                        + PIN_CREDENTIAL
                                        + " of the service"));
    }

    private static byte[] derived(String passphrase, byte[] salt, int iterations) {
        try {
            var spec = new PBEKeySpec(passphrase.toCharArray(), salt, iterations, KEY_BITS);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] run(List<String> command, String what, byte[] in) throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.add(what);
        Process process = new ProcessBuilder(whole).redirectErrorStream(false).start();
        try (var to = process.getOutputStream()) {
            to.write(in);
        } catch (IOException unread) {
            // It has ended without reading all: its exit code below says why.
        }
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new KeyFiles.Unusable(
                        command.getFirst() + " has not answered within " + COMMAND_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        byte[] out = process.getInputStream().readAllBytes();
        if (process.exitValue() != 0 || out.length == 0) {
            String why = new String(process.getErrorStream().readAllBytes(), UTF_8).strip();
            throw new KeyFiles.Unusable(
                    String.join(" ", whole) + " ended with " + process.exitValue() + ": " + why);
        }
        return out;
    }

    private static byte[] sealed(byte[] key, String name, byte[] content) {
        byte[] nonce = random(NONCE_BYTES);
        try {
            byte[] cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, name).doFinal(content);
            byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + cipher.length);
            System.arraycopy(cipher, 0, whole, NONCE_BYTES, cipher.length);
            return whole;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<byte[]> opened(byte[] key, String name, byte[] blob) {
        try {
            byte[] nonce = Arrays.copyOf(blob, NONCE_BYTES);
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, key, nonce, name)
                            .doFinal(blob, NONCE_BYTES, blob.length - NONCE_BYTES));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String name)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(utf8(name));
        return cipher;
    }

    private static byte[] random(int n) {
        byte[] bytes = new byte[n];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
