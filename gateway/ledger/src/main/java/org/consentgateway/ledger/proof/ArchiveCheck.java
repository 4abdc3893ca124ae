package org.consentgateway.ledger.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.archive.NoticeWords;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one verification. Holds the archived texts and sounds against their hashes: what
 * stands there is what callers heard.
 */
final class ArchiveCheck {
    /** Where findings about it are said to be. */
    private static final String PLACE = "archive of notices";

    private final Set<String> texts = new HashSet<>();
    private int notices;

    private ArchiveCheck() {}

    static ArchiveCheck of(Connection connection, Findings findings) throws SQLException {
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

    /** Whether what callers were told is here, and has the hash that records name. */
    boolean has(String textSha256) {
        return texts.contains(textSha256);
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
