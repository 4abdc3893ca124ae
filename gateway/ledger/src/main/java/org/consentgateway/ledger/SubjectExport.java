package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.proof.Holders;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. All that is stored about one caller (Art. 15 DSGVO), newest first, with the words that
 * were spoken.
 *
 * @param language of the newest notice the caller heard, "en" where none is known
 * @param texts of the notices that the entries name, by their hash
 * @param holders of each consent among the entries: who was given data, and told of its end
 * @param until nothing is told of what was recorded later; null for all
 */
public record SubjectExport(
        Instant at,
        String language,
        List<Entry> entries,
        Map<String, NoticeWords> texts,
        Map<UUID, ArrayNode> holders,
        @Nullable Instant until) {
    /** More entries of one caller than this are no person. */
    private static final int MAX_ENTRIES = 10_000;

    public static SubjectExport of(LogReader reader, PseudonymousSubject subject, Instant now)
            throws LedgerUnavailable {
        List<Entry> entries = reader.ofSubject(subject, MAX_ENTRIES);
        String language =
                entries.stream()
                        .map(entry -> text(entry, "/notice/language"))
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse("en");
        return new SubjectExport(
                now, language, entries, texts(reader, entries), holders(reader, entries), null);
    }

    /** The same of what was recorded until then. */
    public SubjectExport until(Instant then) {
        return new SubjectExport(
                at,
                language,
                entries.stream().filter(entry -> !entry.time().isAfter(then)).toList(),
                texts,
                holders,
                then);
    }

    private static Map<UUID, ArrayNode> holders(LogReader reader, List<Entry> entries)
            throws LedgerUnavailable {
        Map<UUID, ArrayNode> all = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.type() == EntryType.GIVEN
                    || entry.type() == EntryType.RENEWED
                    || entry.type() == EntryType.IMPORTED) {
                var holders = new Holders();
                for (Entry later : reader.holdersOf(entry.id())) {
                    ObjectNode payload = later.payload();
                    if (payload != null) {
                        holders.add(later.type().text(), Header.time(later.time()), payload);
                    }
                }
                if (!holders.json().isEmpty()) {
                    all.put(entry.id(), holders.json());
                }
            }
        }
        return all;
    }

    private static Map<String, NoticeWords> texts(LogReader reader, List<Entry> entries)
            throws LedgerUnavailable {
        return reader.ask(connection -> {
            Map<String, NoticeWords> texts = new HashMap<>();
            for (Entry entry : NoticeArchive.isIn(connection) ? entries : List.<Entry>of()) {
                String hash = text(entry, "/notice/text_sha256");
                if (!hash.isEmpty() && !texts.containsKey(hash)) {
                    NoticeArchive.words(connection, hash)
                            .ifPresent(words -> texts.put(hash, words));
                }
            }
            return texts;
        });
    }

    /** Part to words, of what was spoken to the caller then. */
    Map<String, String> spoken(Entry entry) {
        Map<String, String> spoken = new LinkedHashMap<>();
        ObjectNode payload = entry.payload();
        NoticeWords words = texts.get(text(entry, "/notice/text_sha256"));
        if (payload != null && words != null) {
            for (String part : NoticeWords.spoken(payload)) {
                spoken.put(part, words.parts().getOrDefault(part, ""));
            }
        }
        return spoken;
    }

    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("export", "consent-subject/1").put("at", Header.time(at));
        ArrayNode array = json.putArray("entries");
        for (Entry entry : entries) {
            ObjectNode one = array.addObject();
            one.put("id", entry.id().toString())
                    .put("log", entry.log())
                    .put("index", entry.index())
                    .put("type", entry.type().text())
                    .put("time", Header.time(entry.time()))
                    .put("leaf_hash", entry.leafHash());
            one.set("record", entry.payload());
            ArrayNode who = holders.get(entry.id());
            if (who != null) {
                one.set("holders", who);
            }
            ObjectNode said = one.putObject("spoken");
            spoken(entry).forEach(said::put);
        }
        return json;
    }

    /**
     * Writes export.json, export.csv and export.html, which nobody else may read.
     *
     * @param answers as for {@link #html}
     */
    public void write(Path directory, Path answers) throws IOException {
        String page = html(answers);
        Files.createDirectories(directory);
        privately(directory.resolve("export.json"), pretty());
        privately(directory.resolve("export.csv"), SubjectTable.of(this));
        privately(directory.resolve("export.html"), page);
    }

    /** What a caller may want to hold against others: the consents, and how they ended. */
    private static final Set<EntryType> PROVED =
            Set.of(
                    EntryType.GIVEN,
                    EntryType.RENEWED,
                    EntryType.IMPORTED,
                    EntryType.REAFFIRMED,
                    EntryType.WITHDRAWN);

    /**
     * How much of it was proved.
     *
     * @param missing no checkpoint covers these yet, or no key of theirs is here
     */
    public record Proved(int receipts, int missing) {}

    /**
     * Writes a receipt for each consent and each withdrawal into the folder "receipts", as a page
     * for the caller and as JSON, which nobody else may read.
     */
    public Proved prove(Path directory, LedgerArchive archive) throws IOException {
        Path folder = directory.resolve("receipts");
        Receipts proofs = proofs(archive);
        for (Map.Entry<UUID, Receipt> each : proofs.receipts().entrySet()) {
            Receipt receipt = each.getValue();
            Files.createDirectories(folder);
            privately(folder.resolve(each.getKey() + ".html"), receipt.page(language));
            privately(folder.resolve(each.getKey() + ".json"), receipt.json().toPrettyString());
        }
        return new Proved(proofs.receipts().size(), proofs.missing());
    }

    /**
     * The same, not yet written anywhere.
     *
     * @param receipts by the id of what is proved
     * @param missing as for {@link Proved}
     */
    public record Receipts(Map<UUID, Receipt> receipts, int missing) {}

    /** A receipt for each consent and each withdrawal. */
    public Receipts proofs(LedgerArchive archive) {
        Map<UUID, Receipt> receipts = new LinkedHashMap<>();
        int missing = 0;
        for (Entry entry : proved()) {
            try {
                receipts.put(entry.id(), archive.receipt(entry.id(), until));
            } catch (IOException e) {
                missing++; // the answer does not wait for it
            }
        }
        return new Receipts(receipts, missing);
    }

    /** What there are receipts of. */
    public List<Entry> proved() {
        return entries.stream()
                .filter(entry -> PROVED.contains(entry.type()) && entry.payload() != null)
                .toList();
    }

    private static void privately(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /** The JSON as people read it. */
    public String pretty() throws IOException {
        return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json());
    }

    /**
     * A page for the caller, in the language of the newest notice they heard.
     *
     * @param answers folder of the words it is made of, a file per language; English stands in for
     *     one that is not there
     */
    public String html(Path answers) throws IOException {
        return SubjectPage.of(this, AnswerWords.in(answers, language));
    }

    /** What the answer to who was spoken to in this language would say in English. */
    public static List<String> inEnglish(Path answers, String language) throws IOException {
        return AnswerWords.lacking(answers, language);
    }

    static String text(Entry entry, String path) {
        ObjectNode payload = entry.payload();
        return payload == null ? "" : payload.at(path).asText("");
    }
}
