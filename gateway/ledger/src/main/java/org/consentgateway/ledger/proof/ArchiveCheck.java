package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.archive.NoticeWords;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one verification. Holds the archived texts and sounds against their hashes: what
 * stands there is what callers heard.
 */
public final class ArchiveCheck {
    /** Where findings about it are said to be. */
    private static final String PLACE = "archive of notices";

    private final Set<String> texts = new HashSet<>();
    private final Map<NoticeKey, KnownNotice> byKey = new HashMap<>();
    private int notices;

    private ArchiveCheck() {}

    public static ArchiveCheck of(Connection connection, Findings findings) throws SQLException {
        var check = new ArchiveCheck();
        if (NoticeArchive.isIn(connection)) {
            for (KnownNotice notice : NoticeArchive.all(connection)) {
                check.one(connection, notice, findings);
            }
        }
        return check;
    }

    private void one(Connection connection, KnownNotice notice, Findings findings)
            throws SQLException {
        notices++;
        byKey.put(notice.key(), notice);
        @Nullable NoticeWords words =
                NoticeArchive.words(connection, notice.textSha256()).orElse(null);
        if (words == null || !words.sha256().equals(notice.textSha256())) {
            findings.add(PLACE, null, "the text of " + notice.key() + " is missing or was changed");
            return;
        }
        texts.add(notice.textSha256());
        SortedMap<String, byte[]> sounds = new TreeMap<>(NoticeArchive.sounds(connection, notice));
        var whole = new ArchivedNotice(notice.key(), words, sounds, notice.terms());
        if (!whole.audioSha256().equals(notice.audioSha256())) {
            findings.add(
                    PLACE, null, "the sound of " + notice.key() + " is missing or was changed");
        }
    }

    /**
     * Whether what a record says was spoken is here under the name that it gives, on the terms that
     * it tells: texts are bound by their hash, terms by nothing else than the records.
     *
     * @return what is wrong; null where nothing is
     */
    @Nullable String problem(ObjectNode record) {
        JsonNode named = record.path("notice");
        String text = named.path("text_sha256").textValue();
        if (text == null) {
            return null;
        }
        if (!texts.contains(text)) {
            return "the text that it says was spoken is not in the archive";
        }
        @Nullable KnownNotice notice =
                byKey.get(
                        new NoticeKey(
                                named.path("id").asText(),
                                named.path("version").asText(),
                                named.path("language").asText(),
                                named.path("variant").asText()));
        if (notice == null || !notice.textSha256().equals(text)) {
            return "the archive has another text under the name of its notice, or none";
        }
        return terms(notice.terms(), record);
    }

    private static @Nullable String terms(ObjectNode terms, ObjectNode record) {
        JsonNode controller = terms.path("controller");
        if (controller.isTextual() && !controller.equals(record.at("/controller/name"))) {
            return "its controller is not the one that the archive names";
        }
        for (JsonNode one : record.path("processing")) {
            JsonNode known = terms.path("recipients").path(one.path("purpose").asText());
            if (known.isArray() && !strings(known).equals(recipients(one))) {
                return "its recipients are not those that the archive names";
            }
        }
        return null;
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    /** As terms write them. */
    private static List<String> recipients(JsonNode processing) {
        return processing
                .path("recipients")
                .valueStream()
                .map(one ->
                        one.path("name").asText()
                                + " ("
                                + one.path("role").asText()
                                + ", "
                                + one.path("country").asText()
                                + ")")
                .sorted()
                .toList();
    }

    List<String> notes() {
        return notices == 0
                ? List.of()
                : List.of(
                        "words and sound of "
                                + notices
                                + " notices were held against the hashes that records name");
    }
}
