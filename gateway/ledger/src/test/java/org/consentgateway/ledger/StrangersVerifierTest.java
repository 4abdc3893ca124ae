package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tiles.TlogProof;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code stranger.mjs} was written from FORMAT.md alone, in a third language: its verdicts are
 * those of the gateway's verifier, so the page is enough.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangersVerifierTest {
    private static final Path SCRIPT =
            Path.of(
                    System.getProperty("project.root", "../.."),
                    "gateway/ledger/src/test/node/stranger.mjs");

    @TempDir private static Path directory;

    private LedgerSettings settings = TestSettings.inDirectory(Path.of("unset"));
    private Path key = Path.of("");
    private Path kept = Path.of("");
    private final List<Receipt> receipts = new ArrayList<>();
    private Instant now = Records.START;

    @BeforeAll
    void aLogWhoseKeyWasReplaced() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node"))),
                "no node here: apt-get install nodejs");
        settings = TestStore.SQLITE.settings(directory.resolve("gateway"));
        key = settings.keys().resolve("verifier.keys");
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            ledger.keep(List.of(SpokenConsent.NOTICE), now);
            LedgerTest.fill(ledger, 10);
            ledger.checkpoint();
            LedgerTest.fill(ledger, 250); // more than a tile
            NewEntry served = SpokenConsent.served("opening", "2026-11-24T08:59:40Z", false);
            NewEntry given = SpokenConsent.given(true);
            NewEntry again = SpokenConsent.again(given.id());
            NewEntry opened = SpokenConsent.about(EntryType.ASSISTANT_OPENED, given.id());
            opened.payload().put("assistant", "Größe €\u2028 \ud83d\ude00 \"\\\n\u0001");
            opened.payload().put("odd", 1e-7).put("large", 1e21).put("half", -0.5);
            NewEntry withdrawn = SpokenConsent.about(EntryType.WITHDRAWN, given.id());
            // As an import writes it: the id is made of what the record was called elsewhere.
            NewEntry imported =
                    new NewEntry(
                            UUID.fromString("5c146b14-3c52-8afd-938a-375d0df1fbf6"),
                            EntryType.IMPORTED,
                            null,
                            "anna",
                            Records.base("hotline", "booking"));
            Records.append(ledger, List.of(served, given, again, opened, imported));
            ledger.checkpoint();
            now = now.plus(Duration.ofDays(1));
            KeyRotation.rotate(settings, now);
            now = now.plusSeconds(30);
            Records.append(ledger, withdrawn);
            ledger.checkpoint();
            LedgerArchive archive = LedgerArchive.open(settings);
            for (UUID id : List.of(given.id(), served.id(), withdrawn.id(), imported.id())) {
                receipts.add(archive.receipt(id));
            }
        }
        kept =
                Files.writeString(
                        directory.resolve("kept.checkpoint"),
                        LedgerArchive.open(settings).grown("node-1", 0, 10L).checkpoint());
    }

    /** File to verdict: one process looks at all of them. */
    private Map<Path, String> verdicts(List<Path> files) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", SCRIPT.toString()));
        command.addAll(List.of(key.toString(), "--checkpoint", kept.toString()));
        files.forEach(file -> command.add(file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Map<Path, String> verdicts = new LinkedHashMap<>();
        for (Path file : files) {
            verdicts.put(
                    file,
                    said.lines()
                            .filter(line -> line.startsWith(file + ": "))
                            .map(line -> line.substring(file.toString().length() + 2))
                            .findFirst()
                            .orElse(said));
        }
        return verdicts;
    }

    private static Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void allThatLeavesTheGatewayIsRight() throws Exception {
        LedgerArchive archive = LedgerArchive.open(settings);
        Path tiles = directory.resolve("tiles");
        archive.publish(tiles);
        List<Path> files = new ArrayList<>(List.of(kept, tiles.resolve("node-1")));
        int n = 0;
        for (Receipt receipt : receipts) {
            n++;
            files.add(write("right/" + n + ".json", receipt.json().toString()));
            files.add(write("right/" + n + ".pretty.json", receipt.json().toPrettyString()));
            files.add(write("right/" + n + ".dpv.json", receipt.dpv().toString()));
            files.add(write("right/" + n + ".vcon.json", receipt.vcon().toString()));
            files.add(write("right/" + n + ".html", receipt.page("de")));
            files.add(write("right/" + n + ".proof", TlogProof.of(receipt).text()));
        }
        files.add(write("right/growth", archive.grown("node-1", 10, null).text()));
        assertThat(verdicts(files))
                .allSatisfy((file, said) -> assertThat(said).startsWith("right:"));
    }

    @Test
    void whateverIsChangedIsJudgedAlike() throws Exception {
        List<Path> files = new ArrayList<>();
        for (Receipt receipt : receipts) {
            for (ObjectNode changed : PythonVerifierTest.mutants(receipt.json())) {
                files.add(write("changed/" + files.size() + ".json", changed.toString()));
            }
        }
        LedgerArchive archive = LedgerArchive.open(settings);
        for (String proof :
                List.of(
                        archive.grown("node-1", 10, null).text(),
                        TlogProof.of(receipts.getFirst()).text())) {
            for (int i = 0; i < proof.length(); i += 17) {
                String changed =
                        proof.substring(0, i)
                                + (proof.charAt(i) == 'A' ? 'B' : 'A')
                                + proof.substring(i + 1);
                files.add(write("changed/" + files.size() + ".proof", changed));
            }
        }
        List<String> different = new ArrayList<>();
        verdicts(files)
                .forEach((file, said) -> {
                    var java =
                            ConsentLedgerVerifyTest.run("--key", key, "--checkpoint", kept, file);
                    String verdict = List.of("right", "WRONG", "CANNOT CHECK").get(java.code());
                    if (!said.startsWith(verdict + ":")) {
                        different.add(file + ": " + said + "\n" + java);
                    }
                });
        assertThat(different).isEmpty();
        assertThat(files).hasSizeGreaterThan(400);
    }
}
