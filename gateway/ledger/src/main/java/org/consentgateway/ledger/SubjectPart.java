package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.proof.Holders;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Some of what is stored about one caller, newest first, with the words that were
 * spoken.
 *
 * @param of what it is a part of
 * @param from how many entries were told before these
 * @param to how many were told with these
 * @param next by which the next part is asked for; empty where this is the last
 * @param texts of the notices that the entries name, by their hash
 * @param holders of each consent among the entries: who was given data, and told of its end
 */
public record SubjectPart(
        Whole of,
        int from,
        int to,
        Optional<String> next,
        List<Entry> entries,
        Map<String, NoticeWords> texts,
        Map<UUID, ArrayNode> holders) {
    static final String FORMAT = "consent-subject/1";

    /**
     * All of it.
     *
     * @param at when it was asked for
     * @param language of the newest notice the caller heard, "en" where none is known
     * @param entries how many there are
     * @param shared whether somebody has refused while a consent of this number was remembered
     * @param until nothing is told of what was recorded later; null for all
     */
    public record Whole(
            Instant at, String language, int entries, boolean shared, @Nullable Instant until) {}

    /**
     * @param from how many were told before
     * @param next as {@link #next}
     */
    static SubjectPart of(
            Whole whole, LogReader reader, List<Entry> entries, int from, Optional<String> next)
            throws LedgerUnavailable {
        return new SubjectPart(
                whole,
                from,
                from + entries.size(),
                next,
                entries,
                texts(reader, entries),
                holders(reader, entries));
    }

    /** Whether it is all there is. */
    boolean isWhole() {
        return from == 0 && next.isEmpty();
    }

    private static Map<UUID, ArrayNode> holders(LogReader reader, List<Entry> entries)
            throws LedgerUnavailable {
        Map<UUID, ArrayNode> all = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.type().isConsent()) {
                var holders = new Holders();
                AboutEntries.ofHolders(
                        reader,
                        entry.id(),
                        later -> {
                            ObjectNode payload = later.payload();
                            if (payload != null) {
                                holders.add(
                                        later.type().text(), Header.time(later.time()), payload);
                            }
                        });
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

    /** With where it stands among all. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("export", FORMAT).put("at", Header.time(of.at));
        json.put("entries_in_all", of.entries).put("first", from);
        ArrayNode array = json.putArray("entries");
        entries.forEach(entry -> array.add(json(entry)));
        return json;
    }

    ObjectNode json(Entry entry) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
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
        return one;
    }

    /** What a caller may want to hold against others: the consents, and how they ended. */
    static final Set<EntryType> PROVED =
            Set.of(
                    EntryType.GIVEN,
                    EntryType.RENEWED,
                    EntryType.IMPORTED,
                    EntryType.REAFFIRMED,
                    EntryType.WITHDRAWN);

    /**
     * What is proved.
     *
     * @param receipts by the id of what each proves
     * @param missing no checkpoint covers these yet, or no key of theirs is here
     */
    public record Receipts(Map<UUID, Receipt> receipts, int missing) {}

    /** A receipt for each consent and each withdrawal. */
    public Receipts proofs(LedgerArchive archive) {
        Map<UUID, Receipt> receipts = new LinkedHashMap<>();
        int missing = 0;
        for (Entry entry : entries) {
            if (!PROVED.contains(entry.type()) || entry.payload() == null) {
                continue;
            }
            try {
                receipts.put(entry.id(), archive.receipt(entry.id(), of.until));
            } catch (IOException e) {
                missing++; // the answer does not wait for it
            }
        }
        return new Receipts(receipts, missing);
    }

    /**
     * A page for the caller, in the language of the newest notice they heard.
     *
     * @param answers folder of the words it is made of, a file per language; English stands in for
     *     one that is not there
     */
    public String html(Path answers) throws IOException {
        return SubjectPage.of(this, AnswerWords.in(answers, of.language));
    }

    static String text(Entry entry, String path) {
        ObjectNode payload = entry.payload();
        return payload == null ? "" : payload.at(path).asText("");
    }
}
