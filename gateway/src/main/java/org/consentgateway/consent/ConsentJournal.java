package org.consentgateway.consent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Thread-safe. Writes what callers decided, and is the only one to turn a committed consent into a
 * {@link DurableGrant}.
 */
public final class ConsentJournal {
    private final JournalStore store;
    private final LateJournal late;
    private final Duration deadline;

    /**
     * @param deadline how long a call waits for a commit before it goes on without consent
     */
    public ConsentJournal(JournalStore store, LateJournal late, Duration deadline) {
        this.store = store;
        this.late = late;
        this.deadline = deadline;
    }

    public void write(ConsentRecord... records) throws JournalUnavailable {
        store.append(List.of(records), deadline);
    }

    /** Records a consent that was given in this call; returns after the commit. */
    public DurableGrant give(ConsentRecord.Given given) throws JournalUnavailable {
        write(given);
        return new DurableGrant(
                given.id(), given.grant().level(), given.grant().until(), given.call().callId());
    }

    /** Records that a consent was given again; returns after the commit. */
    public DurableGrant renew(ConsentRecord.Renewed renewed) throws JournalUnavailable {
        write(renewed);
        return new DurableGrant(
                renewed.id(),
                renewed.grant().level(),
                renewed.grant().until(),
                renewed.call().callId());
    }

    /** Where the consents of this caller stand, by what is on disk. */
    public Standing standing(Subject subject, ConsentRules rules, Notice current, Instant now)
            throws JournalUnavailable {
        List<ConsentRecord> history =
                new ArrayList<>(store.history(subject, current.id(), deadline));
        history.addAll(keptHere(subject, current.id()));
        return new Standing(rules.statusAt(now, history, current), subject);
    }

    /**
     * Records that an earlier consent, valid when the call began, is honoured in this call; returns
     * after the commit.
     */
    public DurableGrant use(ConsentRecord.Used used, Standing standing) throws JournalUnavailable {
        return switch (standing.status()) {
            case ConsentStatus.Valid(UUID grant, Level level, Instant until) ->
                    use(used, standing, grant, level, until);
            case ConsentStatus.RenewalDue(UUID grant, Level level, Instant until) ->
                    use(used, standing, grant, level, until);
            case ConsentStatus.None(),
                    ConsentStatus.Expired(_, _, _, _),
                    ConsentStatus.TextChanged(_, _),
                    ConsentStatus.PurposeAdded(_, _, _),
                    ConsentStatus.Withdrawn(_, _) ->
                    throw new IllegalArgumentException("no valid consent: " + standing);
        };
    }

    private DurableGrant use(
            ConsentRecord.Used used, Standing standing, UUID grant, Level level, Instant until)
            throws JournalUnavailable {
        if (!used.grant().equals(grant) || !standing.subject().equals(used.subject())) {
            throw new IllegalArgumentException("not the consent of this caller: " + standing);
        }
        write(used);
        return new DurableGrant(grant, level, until, used.call().callId());
    }

    public void erase(ConsentRecord.Erased erased) throws JournalUnavailable {
        store.erase(erased, deadline);
    }

    /**
     * Writes the record now, or keeps it on this machine until the store takes it. For what has
     * already happened and must be known: a withdrawal, a refusal, the end of a conversation.
     *
     * @return whether the store has it already
     */
    public boolean writeNowOrLater(ConsentRecord record) {
        try {
            write(record);
            return true;
        } catch (JournalUnavailable e) {
            late.keep(record);
            return false;
        }
    }

    /**
     * Of this caller and lineage, not yet in the store: a withdrawal counts from when it is said.
     */
    private List<ConsentRecord> keptHere(Subject subject, String lineage) {
        return late.kept().stream()
                .filter(r ->
                        r instanceof ConsentRecord.Withdrawn w
                                && subject.equals(w.subject())
                                && w.lineage().equals(lineage))
                .toList();
    }
}
