package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The consents on which an assistant listens in this process now. Where one of them
 * ends in another call, its call is told before the end is written: processing stops first.
 */
public final class GrantsInUse {
    /** Far more than can be withdrawn while one call gets from its record to here. */
    private static final int MOST_WITHDRAWN = 1000;

    private final Set<Use> uses = ConcurrentHashMap.newKeySet();

    /** Lately, the newest last: a call may be about to begin under one of them. */
    private final SequencedSet<UUID> withdrawn = new LinkedHashSet<>();

    private final Replacements replacements = new Replacements();

    /** One call on the strength of one consent, until closed. */
    public final class Use implements AutoCloseable {
        private final DurableGrant grant;
        private final Consumer<EndOfConsent.How> ended;

        /** Told, or closed. */
        private boolean over;

        private Use(DurableGrant grant, Consumer<EndOfConsent.How> ended) {
            this.grant = grant;
            this.ended = ended;
        }

        /**
         * Tells it once; where that fails, whoever finds the end next tells it again. Whoever found
         * this before it was closed tells it nothing: its call may be over.
         */
        private synchronized void end(EndOfConsent.How how) {
            if (over) {
                return;
            }
            over = true; // what comes of telling it may find the same end
            boolean done = false;
            try {
                ended.accept(how);
                done = true;
            } finally {
                over = done;
            }
        }

        /** Returns when nobody is telling it anything any more. */
        @Override
        public synchronized void close() {
            uses.remove(this);
            over = true;
        }
    }

    /** Finds in the store what ended a consent. */
    public interface Endings {

        /** Records that end or replace these grants, in whichever log; and which were erased. */
        Found endingsOf(Collection<UUID> grants) throws JournalUnavailable;

        /**
         * @param erased grants whose content is gone
         * @param unreadable grants that have an ending which cannot be read: it may be a withdrawal
         */
        record Found(List<ConsentRecord> records, Set<UUID> erased, Set<UUID> unreadable) {}
    }

    /**
     * @param ended told once, on any thread, when the consent ends elsewhere, or has just ended,
     *     and never behind the end of the use; must return at once
     */
    public Use begin(DurableGrant grant, Consumer<EndOfConsent.How> ended) {
        Use use = new Use(grant, ended);
        uses.add(use);
        if (isWithdrawn(grant.record())) {
            use.end(EndOfConsent.How.WITHDRAWN);
        }
        return use;
    }

    private boolean isWithdrawn(UUID grant) {
        synchronized (withdrawn) {
            return withdrawn.contains(grant);
        }
    }

    private void remember(UUID grant) {
        synchronized (withdrawn) {
            withdrawn.add(grant);
            if (withdrawn.size() > MOST_WITHDRAWN) {
                withdrawn.removeFirst();
            }
        }
    }

    /**
     * Looks for what other nodes and commands wrote into the common store. To be done every second
     * or so.
     */
    public void look(Endings store) throws JournalUnavailable {
        if (uses.isEmpty()) {
            return;
        }
        // One look at what replaced what, for all calls.
        Set<UUID> began =
                uses.stream()
                        .flatMap(use -> replacements.before(use.grant.record()).stream())
                        .collect(Collectors.toSet());
        Set<UUID> grants = replacements.since(began, Instant.MAX);
        Endings.Found found = store.endingsOf(grants);
        found.records().forEach(this::end);
        for (Use use : uses) {
            if (found.erased().contains(use.grant.record())) {
                use.end(EndOfConsent.How.ERASED);
            } else if (isAmong(found.unreadable(), use)) {
                use.end(EndOfConsent.How.WITHDRAWN);
            }
        }
    }

    /** Whether a call goes on under this consent here. */
    boolean holds(UUID grant) {
        return uses.stream().anyMatch(use -> use.grant.record().equals(grant));
    }

    private boolean isAmong(Set<UUID> endings, Use use) {
        if (endings.isEmpty()) {
            return false; // as nearly always: nothing has to be looked up for each call
        }
        return replacements.since(Set.of(use.grant.record()), Instant.MAX).stream()
                .anyMatch(endings::contains);
    }

    /**
     * Ends every call under this consent, or under one that it replaced or that has replaced it,
     * also one that begins now: the record follows. Whoever withdraws outside a call does not wait
     * for the store.
     */
    public void withdrawn(UUID grant) {
        Set<UUID> all = givenAsOne(grant, Instant.MAX);
        all.forEach(this::remember);
        for (Use use : uses) {
            if (all.contains(use.grant.record())) {
                use.end(EndOfConsent.How.WITHDRAWN);
            }
        }
    }

    /**
     * This consent, those in whose place it came, and those that came in the place of any of them
     * until this time.
     */
    private Set<UUID> givenAsOne(UUID grant, Instant until) {
        return replacements.since(replacements.before(grant), until);
    }

    /** Tells every other call whose consent ends with this record, also one that begins now. */
    void end(ConsentRecord record) {
        replacements.note(record);
        UUID ended = mayEnd(record);
        if (ended == null) {
            return; // as most records: no call has to be looked at
        }
        Set<UUID> all = endedBy(record, ended);
        if (record instanceof ConsentRecord.Withdrawn) {
            all.forEach(this::remember);
        } else if (!(record instanceof ConsentRecord.Given)) { // which may leave all that there was
            remember(ended);
        }
        for (Use use : uses) {
            if (all.contains(use.grant.record())
                    && !keepsAll(record, use.grant)
                    && !isOfCall(record, use.grant.call())) {
                use.end(EndOfConsent.How.WITHDRAWN);
            }
        }
    }

    /** Who ends a consent ends what it replaced, and what has replaced it by then, as well. */
    private Set<UUID> endedBy(ConsentRecord record, UUID ended) {
        return switch (record) {
            // Nobody has ended anything: what it would have replaced goes on.
            case ConsentRecord.Withdrawn late
                    when late.reason() == ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE ->
                    Set.of(ended);
            case ConsentRecord.Withdrawn withdrawn -> givenAsOne(ended, withdrawn.withdrawnAt());
            case ConsentRecord.PurposeDecided decided -> givenAsOne(ended, decided.at());
            default -> replacements.before(ended);
        };
    }

    /** Who chose less, or ended a purpose, has withdrawn the rest. */
    private static boolean keepsAll(ConsentRecord record, DurableGrant grant) {
        return switch (record) {
            case ConsentRecord.Given given ->
                    given.grant().level().purposes().containsAll(grant.purposes());
            case ConsentRecord.PurposeDecided decided ->
                    !grant.purposes().contains(decided.purpose());
            default -> false;
        };
    }

    /** The consent that a record withdraws, replaces or lessens; null where there is none. */
    private static @Nullable UUID mayEnd(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Withdrawn withdrawn -> withdrawn.grant();
            case ConsentRecord.Given given -> given.supersedes();
            case ConsentRecord.PurposeDecided decided -> decided.ends() ? decided.grant() : null;
            case ConsentRecord.Imported _,
                    ConsentRecord.Renewed _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Served _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Expired _ ->
                    null;
        };
    }

    private static boolean isOfCall(ConsentRecord record, UUID call) {
        return switch (record) {
            // By nobody in a call: it names that in which the consent was given.
            case ConsentRecord.PurposeDecided decided when decided.method() == Method.NONE -> false;
            case ConsentRecord.OfCall of -> of.call().callId().equals(call);
            case ConsentRecord.Withdrawn withdrawn -> isCall(withdrawn.call(), call);
            case ConsentRecord.Imported _, ConsentRecord.Expired _ -> false;
        };
    }

    private static boolean isCall(@Nullable CallFacts facts, UUID call) {
        return facts != null && facts.callId().equals(call);
    }
}
