package org.consentgateway.api.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.access.AccessEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Leaves in the log who has read or changed what. One consent is named by its id, and
 * nobody by a pseudonym: it says whose data was looked at for as long as there are any, while a
 * list of one person's consents would still tell of their calls after an erasure.
 */
public final class AccessRecords {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRecords.class);

    /** More are counted, not named. */
    static final int MOST_NAMED = 1;

    /** Entries of refusals in a minute: nobody fills the log from outside. The next counts all. */
    static final int MOST_REFUSALS = 60;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final InstantSource clock;
    private final Duration deadline;
    private final HeldAccesses held;
    private Instant minute = Instant.EPOCH;
    private int refusals;
    private long unrecorded;

    /**
     * @param deadline how long an answer waits for its record
     */
    public AccessRecords(Ledger ledger, InstantSource clock, Duration deadline) {
        this.ledger = ledger;
        this.clock = clock;
        this.deadline = deadline;
        this.held = new HeldAccesses(ledger);
    }

    /**
     * Durable when this returns: without it nothing is shown.
     *
     * @param action such as "GET /v1/consents/{id}"
     * @param person who did it by that system; empty where it did not say so
     * @param shown consents that were shown or changed
     */
    public void accessed(ApiPrincipal who, String action, String person, Collection<UUID> shown)
            throws LedgerUnavailable {
        ledger.append(access(who, action, person, shown), deadline);
        held.offerAgain();
    }

    /**
     * The same of what is done and has to be told though the store takes nothing now: returns at
     * once, and the record waits in memory until the store takes it.
     *
     * @param changed consents
     */
    public void changed(ApiPrincipal who, String action, String person, Collection<UUID> changed) {
        held.write(access(who, action, person, changed));
    }

    /**
     * Offers the store what waits: to be called from time to time, since nobody may ask for
     * anything behind an outage. Returns at once.
     */
    public void offerAgain() {
        held.offerAgain();
    }

    /** To be called when this process ends: says in the log how many records are lost with it. */
    public void end() {
        held.end();
    }

    private NewEntry access(
            ApiPrincipal who, String action, String person, Collection<UUID> consents) {
        ObjectNode access = AccessEntry.access(who.name(), action);
        if (!person.isEmpty()) {
            access.put("person", person);
        }
        access.put("found", consents.size());
        ArrayNode named = access.putArray("consents");
        consents.stream().limit(MOST_NAMED).forEach(id -> named.add(id.toString()));
        return AccessEntry.of(EntryType.ACCESSED, access, clock.instant());
    }

    /**
     * The same of a person who fetches what is theirs, by the number of their request.
     *
     * @param found how many records are shown
     */
    public void fetched(String by, String action, String number, int found)
            throws LedgerUnavailable {
        ObjectNode access = AccessEntry.access(by, action).put("case", number).put("found", found);
        ledger.append(AccessEntry.of(EntryType.ACCESSED, access, clock.instant()), deadline);
    }

    /**
     * Returns at once.
     *
     * @param who empty where nobody is known by what was shown
     */
    public void refused(String who, String action, String why) {
        long more = countedSince();
        if (more < 0) {
            return;
        }
        ObjectNode access = AccessEntry.access(who, action).put("reason", why).put("more", more);
        var _ =
                ledger.append(AccessEntry.of(EntryType.ACCESS_REFUSED, access, clock.instant()))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                LOG.warn(
                                        "a refused access is not recorded: {}", failure.toString());
                            }
                        });
    }

    /**
     * @return how many were not recorded since the last one that was; negative where this one is
     *     not to be recorded, either
     */
    private synchronized long countedSince() {
        Instant now = clock.instant();
        if (now.isBefore(minute) || !now.isBefore(minute.plus(MINUTE))) {
            minute = now;
            refusals = 0;
        }
        if (++refusals > MOST_REFUSALS) {
            unrecorded++;
            return -1;
        }
        long more = unrecorded;
        unrecorded = 0;
        return more;
    }
}
