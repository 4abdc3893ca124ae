package org.consentgateway.proof;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeConflict;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Has every notice archived before a record names it, and knows on which terms each
 * version was spoken. A notice that is not what was spoken under its name gets no record: nobody
 * grants anything on it.
 */
public final class NoticeArchiving {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeArchiving.class);

    /** For a caller of whom it is asked: as long as it rings more at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final InstantSource clock;
    private final Function<NoticeRef, Optional<ArchivedNotice>> spoken;
    private final Set<Kept> kept = ConcurrentHashMap.newKeySet();
    private final Map<NoticeKey, KnownNotice> known = new ConcurrentHashMap<>();

    /** Immutable. Other words under the same name are another one. */
    private record Kept(NoticeKey key, String textSha256) {}

    /**
     * @param spoken the notice of a record as it is spoken here; empty where it is not loaded
     */
    public NoticeArchiving(
            Ledger ledger,
            InstantSource clock,
            Function<NoticeRef, Optional<ArchivedNotice>> spoken) {
        this.ledger = ledger;
        this.clock = clock;
        this.spoken = spoken;
    }

    /**
     * Keeps them, as long as each is what was spoken under its name; and looks at what else is
     * there.
     *
     * @return those that are not
     */
    public List<NoticeConflict> keep(List<ArchivedNotice> notices) throws LedgerUnavailable {
        List<NoticeConflict> conflicts = ledger.keep(notices, clock.instant());
        var changed = new HashSet<NoticeKey>();
        conflicts.forEach(conflict -> changed.add(conflict.there().key()));
        learn(ledger.knownNotices());
        notices.stream()
                .filter(notice -> !changed.contains(notice.key()))
                .map(notice -> new Kept(notice.key(), notice.words().sha256()))
                .forEach(kept::add);
        return conflicts;
    }

    private void learn(List<KnownNotice> all) {
        all.forEach(notice -> known.put(notice.key(), notice));
    }

    /** Whether it was archived before, so that nothing has to be asked or written. */
    boolean isKept(NoticeRef ref) {
        return kept.contains(new Kept(key(ref), ref.textSha256()));
    }

    /**
     * Before a record that names it is written. A record that waited for the store may name what is
     * loaded no more: what was to be archived of it was archived when it was spoken.
     *
     * @return false where it was spoken before with other words: then no record names it
     */
    boolean spoken(NoticeRef ref) throws LedgerUnavailable {
        if (isKept(ref)) {
            return true;
        }
        Optional<ArchivedNotice> here =
                spoken.apply(ref)
                        .filter(notice -> notice.words().sha256().equals(ref.textSha256()));
        boolean changed = here.isPresent() && !keep(List.of(here.get())).isEmpty();
        if (changed) {
            LOG.error(
                    "{} was spoken before with other words, another sound or on other terms; no"
                            + " consent is recorded to it",
                    key(ref));
        }
        return !changed;
    }

    private static NoticeKey key(NoticeRef notice) {
        return new NoticeKey(notice.id(), notice.version(), notice.language(), notice.variant());
    }

    /**
     * The notices that were loaded; a change of terms between two versions is material, whatever
     * their files say.
     */
    public Notices notices(Notices loaded) {
        return new Notices() {
            @Override
            public List<Notice> inForce(String lineage, String language, LocalDate day) {
                return loaded.inForce(lineage, language, day);
            }

            @Override
            public boolean materiallyChanged(String lineage, String since, String until) {
                return loaded.materiallyChanged(lineage, since, until)
                        || termsChanged(lineage, since, until);
            }
        };
    }

    /** Whether they did, or may have: what is in no archive was compared by nobody yet. */
    private boolean termsChanged(String lineage, String since, String until) {
        if (!areKnown(lineage, since, until)) {
            lookAgain();
        }
        return !areKnown(lineage, since, until)
                || known(lineage, since).anyMatch(before -> changed(before, until));
    }

    private boolean areKnown(String lineage, String since, String until) {
        return known(lineage, since).findAny().isPresent()
                && known(lineage, until).findAny().isPresent();
    }

    private Stream<KnownNotice> known(String lineage, String version) {
        return known.values().stream()
                .filter(n ->
                        n.key().lineage().equals(lineage) && n.key().version().equals(version));
    }

    /** Another node may have archived it, or an import beside this one. */
    private void lookAgain() {
        try {
            learn(LedgerStore.within(PATIENCE, ledger::knownNotices));
        } catch (JournalUnavailable e) {
            LOG.debug("nobody can tell which texts were archived: {}", e.getMessage());
        }
    }

    private boolean changed(KnownNotice before, String version) {
        NoticeKey key = before.key();
        KnownNotice now =
                known.get(new NoticeKey(key.lineage(), version, key.language(), key.variant()));
        return now != null && !NoticeConflict.changed(before.terms(), now.terms()).isEmpty();
    }
}
