package org.consentgateway.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key files that are of no use alone. */
class KeyWrappingTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final String PASSPHRASE = "correct horse battery";

    @TempDir private Path directory;

    private Path keys() {
        return directory.resolve("keys");
    }

    private KeyFiles open() throws IOException {
        return KeyFiles.open(keys(), "node-1", "example.com/log/node-1");
    }

    /** What a copy of the directory holds: nothing that is a key. */
    private String secretFiles() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(keys())) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".keys") && !name.equals("verifier.keys")) {
                    all.append(name).append(' ').append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }

    @Test
    void underACommandFilesAreReadWrittenAndOpenedAgain() throws Exception {
        KeyFiles before = open();
        String plain = secretFiles();
        KeyWrapping.byCommand(keys(), List.of(kms().toString()));
        assertThat(secretFiles()).doesNotContain("per-entry").contains("payload.keys wrapped ");
        assertThat(open().payload().current().id()).isEqualTo(before.payload().current().id());
        assertThat(Files.getPosixFilePermissions(keys().resolve("payload.keys")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        KeyFiles rotated = KeyFiles.rotate(keys(), "node-1", "example.com/log/node-1", NOW);
        assertThat(rotated.payload().keys()).hasSize(2);
        assertThat(secretFiles()).doesNotContain("per-entry");
        PayloadKeys _ =
                PayloadKeyFile.destroy(
                        keys(), Map.of("example.com/log/node-1", java.util.Set.of(7L)));
        assertThat(open().payload().current().of("example.com/log/node-1", 7)).isEmpty();
        assertThatThrownBy(() -> KeyWrapping.byPassphrase(keys(), PASSPHRASE))
                .hasMessageContaining("wrapped already");

        // A file of one name does not pass for another.
        Path pseudonym = keys().resolve("pseudonym.keys");
        String own = Files.readString(pseudonym);
        Files.writeString(pseudonym, Files.readString(keys().resolve("payload.keys")));
        assertThatThrownBy(this::open).hasMessageContaining("is damaged");
        Files.writeString(pseudonym, own);

        KeyWrapping.end(keys());
        assertThat(keys().resolve(KeyWrapping.NAME)).doesNotExist();
        assertThat(secretFiles()).contains("per-entry").isNotEqualTo(plain);
        assertThat(open().payload().keys()).hasSize(2);
    }

    @Test
    void withoutWhatOpensThemNothingIsReadAndNothingMade() throws Exception {
        var _ = open();
        Path kms = kms();
        KeyWrapping.byCommand(keys(), List.of(kms.toString()));
        forgetOpened();
        Files.delete(directory.resolve("kms.key"));
        assertThatThrownBy(this::open).hasMessageContaining("unwrap ended with");
        assertThat(secretFiles()).doesNotContain("per-entry");
        Files.delete(keys().resolve(KeyWrapping.NAME));
        assertThatThrownBy(this::open).hasMessageContaining("wrapping.json beside it is gone");
    }

    @Test
    void whoIsAskedToOpenThemKeepsNobodyElseFromThem() throws Exception {
        var _ = open();
        Path kms = kms();
        KeyWrapping.byCommand(keys(), List.of(kms.toString()));
        forgetOpened();
        Path asked = directory.resolve("asked");
        Path goOn = directory.resolve("go-on");
        String waits =
                "touch '%s'; until [ -e '%s' ]; do sleep 0.05; done\ncat ".formatted(asked, goOn);
        Files.writeString(kms, Files.readString(kms).replaceFirst("cat ", waits));
        try (ExecutorService command = Executors.newSingleThreadExecutor()) {
            Future<KeyFiles> opened = command.submit(this::open);
            await().until(() -> Files.exists(asked));

            try (FileChannel channel =
                            FileChannel.open(keys().resolve(".lock"), StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                assertThat(lock).isNotNull();
            } finally {
                Files.createFile(goOn);
            }
            assertThat(opened.get().payload().keys()).hasSize(1);
        }
    }

    @Test
    void underAPassphraseNobodyReadsThemWithoutIt() throws Exception {
        var _ = open();
        assertThatThrownBy(() -> KeyWrapping.byPassphrase(keys(), "short"))
                .hasMessageContaining("is guessed");
        KeyWrapping.byPassphrase(keys(), PASSPHRASE);
        assertThat(open().payload().keys()).hasSize(1);
        forgetOpened();
        assertThatThrownBy(this::open).hasMessageContaining("set CONSENT_KEYS_PASSPHRASE");
        assertThat(KeyWrapping.passphrase(Map.of(KeyWrapping.PASSPHRASE, "one"))).contains("one");
        Files.writeString(directory.resolve("keys-passphrase"), PASSPHRASE + "\n");
        assertThat(KeyWrapping.passphrase(Map.of("CREDENTIALS_DIRECTORY", directory.toString())))
                .contains(PASSPHRASE);
        assertThat(KeyWrapping.passphrase(Map.of())).isEmpty();
    }

    /** As in another process: what was opened is known by the text of this file. */
    private void forgetOpened() throws IOException {
        Path how = keys().resolve(KeyWrapping.NAME);
        Files.writeString(how, Files.readString(how) + "\n");
    }

    /** Stands for a key management service: XOR with a key of its own. */
    private Path kms() throws IOException {
        Path script = directory.resolve("kms");
        Path key = directory.resolve("kms.key");
        Files.writeString(key, "5");
        Files.writeString(
                script,
                "#!/bin/sh\n"
                        + "set -e\n"
                        + "LC_ALL=C; export LC_ALL\n"
                        + "[ \"$1\" = wrap ] || [ \"$1\" = unwrap ]\n"
                        + "cat \""
                        + key
                        + "\" >/dev/null\ntr '\\000-\\377' '\\200-\\377\\000-\\177'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }
}
