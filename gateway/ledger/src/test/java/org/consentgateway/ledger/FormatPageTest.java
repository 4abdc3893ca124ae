package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.columns.ColumnTypes;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Consistency;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example on the page is what this program computes, and what the other one takes. */
class FormatPageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("project.root", "../.."), "gateway/ledger/FORMAT.md");

    private static final String ORIGIN = "example.com/log/node-1";

    @TempDir private Path directory;

    private final String page = read();

    private static String read() {
        try {
            return Files.readString(PAGE);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private record Made(String payload, byte[] commitment, String header, byte[] leaf) {}

    private static List<Made> entries() throws Exception {
        List<String> payloads =
                List.of(
                        "{\"schema\":\"example\",\"words\":\"Größe: 1/2 = 0.50\",\"n\":0.50}",
                        "{\"schema\":\"example\",\"decision\":{\"purposes\":[\"assistant\"]}}",
                        "{\"schema\":\"example\",\"refers_to\":\"01939c5e-0000-7000-8000-000000000001\"}");
        List<EntryType> types = List.of(EntryType.SERVED, EntryType.GIVEN, EntryType.WITHDRAWN);
        List<String> times =
                List.of("2026-11-28T08:00:00Z", "2026-11-28T08:00:10Z", "2026-11-28T08:05:00Z");
        List<Made> entries = new ArrayList<>();
        byte[] prev = Header.noLeaf();
        for (int i = 0; i < payloads.size(); i++) {
            byte[] salt = new byte[32];
            Arrays.fill(salt, (byte) (0xa0 + i));
            byte[] octets = CanonicalJson.bytes(Records.JSON.readTree(payloads.get(i)));
            byte[] commitment = Digests.of(salt, octets);
            UUID id = UUID.fromString("01939c5e-0000-7000-8000-00000000000" + i);
            Header header =
                    new Header(
                            ORIGIN,
                            i,
                            id,
                            types.get(i),
                            Instant.parse(times.get(i)),
                            commitment,
                            prev);
            prev = header.leaf();
            String payload = new String(octets, StandardCharsets.UTF_8);
            entries.add(new Made(payload, commitment, header.text(), prev));
        }
        return entries;
    }

    private static SigningKey key(String verifier) {
        byte[] typed = new byte[33];
        typed[0] = 1;
        for (int i = 0; i < 32; i++) {
            typed[i + 1] = (byte) i;
        }
        String seed = Base64.getEncoder().encodeToString(typed);
        return SigningKey.parse("PRIVATE+KEY+" + ORIGIN + "+805a386a+" + seed + " " + verifier)
                .orElseThrow();
    }

    private String line(String name) {
        return page.lines()
                .filter(line -> line.startsWith("    " + name + "  "))
                .findFirst()
                .map(line -> line.substring(4 + name.length()).strip())
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    private String block(String language) {
        int begin = page.indexOf("```" + language + "\n") + language.length() + 4;
        return page.substring(begin, page.indexOf("```", begin));
    }

    @Test
    void everyValueOfTheExampleIsWhatIsComputed() throws Exception {
        Frontier tree = new Frontier();
        Frontier two = new Frontier();
        for (Made one : entries()) {
            assertThat(page)
                    .contains("payload     " + one.payload + "\n")
                    .contains("commitment  " + Digests.hex(one.commitment) + "\n")
                    .contains("header      " + one.header + "\n")
                    .contains(" " + Digests.hex(one.leaf) + "\n");
            if (tree.size() < 2) {
                two.append(one.leaf, Frontier.Tiles.NONE);
            }
            tree.append(one.leaf, Frontier.Tiles.NONE);
        }
        String first = entries().getFirst().payload;
        assertThat(line("octets")).isEqualTo(Digests.hex(first.getBytes(StandardCharsets.UTF_8)));
        assertThat(line("node 0-1")).isEqualTo(Digests.hex(two.root()));
        assertThat(line("root")).isEqualTo(Digests.hex(tree.root()));

        VerifierKey verifier = VerifierKey.parse(line("key")).orElseThrow();
        assertThat(line("key octets")).isEqualTo(Digests.hex(verifier.key()));
        String note =
                SignedNote.sign(
                        new Checkpoint(ORIGIN, 3, tree.root()).text(),
                        List.of(key(verifier.text())));
        assertThat(block("checkpoint")).isEqualTo(note);
        byte[] signature = SignedNote.parse(note).orElseThrow().signatures().getFirst().signature();
        assertThat(line("signature")).isEqualTo(Digests.hex(signature));

        List<Made> all = entries();
        List<byte[]> growth = List.of(all.get(1).leaf, all.get(2).leaf);
        assertThat(Consistency.holds(1, 3, all.getFirst().leaf, tree.root(), growth)).isTrue();
        growth.forEach(hash ->
                assertThat(page).contains("`" + Base64.getEncoder().encodeToString(hash) + "`"));

        String notice = "opening=Guten Tag.\nquestion.assistant=Darf sie zuhören? Ja oder Nein?\n";
        assertThat(page).contains(NoticeWords.read(notice).sha256());
    }

    @Test
    void theReceiptOfTheExampleHoldsForBothVerifiers() throws Exception {
        VerifierKey verifier = VerifierKey.parse(line("key")).orElseThrow();
        ReceiptCheck check =
                ReceiptCheck.of(Records.JSON.readTree(block("json")), List.of(verifier));
        assertThat(check.passed()).as(check.toString()).isTrue();

        Path receipt = Files.writeString(directory.resolve("receipt.json"), block("json"));
        Path key = Files.writeString(directory.resolve("key"), line("key") + "\n");
        try (PythonVerifier python = new PythonVerifier()) {
            PythonVerifier.Outcome outcome = python.run("--key", key, receipt);
            assertThat(outcome.code()).as(outcome.said()).isZero();
        }
    }

    /** A type that the page does not name is one that its reader does not know. */
    @Test
    void everyTypeOfEntryStandsOnThePage() {
        for (EntryType type : EntryType.values()) {
            assertThat(page).contains("`" + type.text() + "`");
        }
    }

    /** What columns hold is checked by three: who reads the page, and the two verifiers. */
    @Test
    void columnsAndTheirTypesAreThoseThatAreChecked() throws Exception {
        List<String> ours = ColumnTypes.lines();
        assertThat(page.lines().filter(line -> line.startsWith("    ledger_")).map(String::strip))
                .containsExactlyElementsOf(ours);
        try (Stream<String> python = Files.lines(PythonVerifier.SCRIPT)) {
            assertThat(python.filter(line -> line.startsWith("ledger_")))
                    .containsExactlyElementsOf(ours);
        }
    }

    /** A column that is added is checked as well. */
    @Test
    void theColumnsAreThoseThatAStoreHas() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("columns"));
        Ledger.open(settings, Instant::now).close();
        try (Connection connection = DriverManager.getConnection(settings.url())) {
            for (String line : ColumnTypes.lines()) {
                String table = line.substring(0, line.indexOf(':'));
                List<String> there =
                        Rows.list(
                                connection,
                                "SELECT name, type, \"notnull\" FROM pragma_table_info(?)",
                                row ->
                                        column(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getBoolean(3)),
                                table);
                assertThat(line.substring(table.length() + 2).split(", "))
                        .as(table)
                        .containsExactlyInAnyOrderElementsOf(there);
            }
        }
    }

    private static String column(String name, String declared, boolean required) {
        String type =
                declared.equals("BLOB") ? "blob" : declared.contains("INT") ? "integer" : "text";
        return name + " " + type + (required ? "" : " or null");
    }
}
