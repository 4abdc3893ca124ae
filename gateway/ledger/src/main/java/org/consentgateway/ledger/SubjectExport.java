package org.consentgateway.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Immutable. All that is stored about one caller (Art. 15 DSGVO), newest first, with the words that
 * were spoken. It is read and written part by part: of a switchboard's number there may be hundreds
 * of thousands of entries, and none is left out.
 */
public final class SubjectExport {
    /** Entries in memory at a time. */
    private static final int PART = 500;

    private final LogReader reader;
    private final FoundEntries found;
    private final SubjectPart.Whole whole;

    private SubjectExport(LogReader reader, FoundEntries found, SubjectPart.Whole whole) {
        this.reader = reader;
        this.found = found;
        this.whole = whole;
    }

    public static SubjectExport of(LogReader reader, PseudonymousSubject subject, Instant now)
            throws LedgerUnavailable {
        FoundEntries found = FoundEntries.of(reader, subject);
        return new SubjectExport(
                reader,
                found,
                new SubjectPart.Whole(now, language(found), found.size(), isShared(found), null));
    }

    /** In which the caller was spoken to last, "en" where none is known. */
    public static String language(FoundEntries found) throws LedgerUnavailable {
        for (int from = 0; from < found.size(); from += PART) {
            for (Entry entry : found.page(from, PART)) {
                String language = SubjectPart.text(entry, "/notice/language");
                if (!language.isEmpty()) {
                    return language;
                }
            }
        }
        return "en";
    }

    /** The same of what was recorded until then. */
    public SubjectExport until(Instant then) {
        FoundEntries until = found.until(then);
        return new SubjectExport(
                reader,
                until,
                new SubjectPart.Whole(
                        whole.at(), whole.language(), until.size(), isShared(until), then));
    }

    /** How many entries there are. */
    public int size() {
        return found.size();
    }

    /** Whether somebody has refused while a consent of this number was remembered. */
    public boolean isShared() {
        return whole.shared();
    }

    private static boolean isShared(FoundEntries found) {
        return found.hasAny(EntryType.REFUSED);
    }

    SubjectPart.Whole whole() {
        return whole;
    }

    /** When the newest of them was recorded, in milliseconds since 1970; 0 where there is none. */
    long newestMillis() {
        return found.size() == 0 ? 0 : found.all().getFirst().millis();
    }

    /** What there are receipts of. */
    public FoundEntries proved() {
        return found.only(SubjectPart.PROVED);
    }

    /** The newest of them; {@link SubjectParts} has the others. */
    public SubjectPart newest(int most) throws LedgerUnavailable {
        return part(0, most);
    }

    /**
     * @param from how many are passed over
     */
    private SubjectPart part(int from, int most) throws LedgerUnavailable {
        return SubjectPart.of(whole, reader, found.page(from, most), from, Optional.empty());
    }

    private interface Look {
        void at(SubjectPart part) throws IOException;
    }

    /** One after the other; one at least. */
    private void each(Look look) throws IOException, LedgerUnavailable {
        int from = 0;
        do {
            look.at(part(from, PART));
            from += PART;
        } while (from < found.size());
    }

    /**
     * Writes export.json, export.csv and export.html, which nobody else may read. Under these names
     * stands what is complete, and nothing else.
     *
     * @param answers folder of the words of the page, a file per language; English stands in for
     *     one that is not there
     */
    public void write(Path directory, Path answers) throws IOException, LedgerUnavailable {
        AnswerWords words = AnswerWords.in(answers, whole.language());
        Files.createDirectories(directory);
        List<String> names = List.of("export.json", "export.csv", "export.html");
        try (Writer json = privately(part(directory, names.get(0)));
                Writer csv = privately(part(directory, names.get(1)));
                Writer html = privately(part(directory, names.get(2)));
                JsonGenerator tree = generator(json)) {
            begin(tree);
            csv.append(SubjectTable.head());
            html.append(SubjectPage.begin(whole, words));
            each(part -> {
                entries(part, tree);
                csv.append(SubjectTable.lines(part));
                html.append(SubjectPage.rows(part, words));
            });
            end(tree);
            html.append(SubjectPage.end(whole, words));
        }
        for (String name : names) {
            Files.move(
                    part(directory, name),
                    directory.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path part(Path directory, String name) {
        return directory.resolve(name + ".part");
    }

    /** The JSON as people read it. */
    public void json(Writer to) throws IOException, LedgerUnavailable {
        JsonGenerator tree = generator(to);
        begin(tree);
        each(part -> entries(part, tree));
        end(tree);
    }

    private static JsonGenerator generator(Writer to) throws IOException {
        return new JsonMapper()
                .createGenerator(to)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter();
    }

    private void begin(JsonGenerator tree) throws IOException {
        tree.writeStartObject();
        tree.writeStringField("export", SubjectPart.FORMAT);
        tree.writeStringField("at", Header.time(whole.at()));
        tree.writeNumberField("entries_in_all", whole.entries());
        tree.writeArrayFieldStart("entries");
    }

    private static void entries(SubjectPart part, JsonGenerator tree) throws IOException {
        for (Entry entry : part.entries()) {
            tree.writeTree(part.json(entry));
        }
    }

    private static void end(JsonGenerator tree) throws IOException {
        tree.writeEndArray();
        tree.writeEndObject();
        tree.flush();
    }

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
    public Proved prove(Path directory, LedgerArchive archive)
            throws IOException, LedgerUnavailable {
        Path folder = directory.resolve("receipts");
        FoundEntries proved = proved();
        int receipts = 0;
        int missing = 0;
        for (int from = 0; from < proved.size(); from += PART) {
            for (Entry entry : proved.page(from, PART)) {
                if (entry.payload() == null) {
                    continue;
                }
                Receipt receipt;
                try {
                    receipt = archive.receipt(entry.id(), whole.until());
                } catch (IOException e) {
                    missing++; // the answer does not wait for it
                    continue;
                }
                Files.createDirectories(folder);
                write(folder.resolve(entry.id() + ".html"), receipt.page(whole.language()));
                write(folder.resolve(entry.id() + ".json"), receipt.json().toPrettyString());
                receipts++;
            }
        }
        return new Proved(receipts, missing);
    }

    private static void write(Path file, String text) throws IOException {
        try (Writer writer = privately(file)) {
            writer.append(text);
        }
    }

    private static Writer privately(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.newBufferedWriter(file);
    }

    /** What the answer to who was spoken to in this language would say in English. */
    public static List<String> inEnglish(Path answers, String language) throws IOException {
        return AnswerWords.lacking(answers, language);
    }
}
