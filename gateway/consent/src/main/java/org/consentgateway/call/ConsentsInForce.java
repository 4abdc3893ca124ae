package org.consentgateway.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.journal.ConsentInForce;

/**
 * Confined to the call's virtual thread. The consents that a withdrawal in this call ends: what was
 * stored of this caller when the call began, and what was given in it.
 */
final class ConsentsInForce {
    /** By the id of the record that gave it. */
    private final Map<UUID, Consent> consents = new LinkedHashMap<>();

    private String lastLevel = "";

    /** Something was agreed to in this call that is not recorded yet. */
    private boolean agreed;

    /** The store could not say what there is. */
    private boolean unknown;

    private record Consent(String lineage, boolean spotsPhrase) {}

    /**
     * @param grant id of the record that gave it
     * @param lineage of the notice it was given to
     */
    void add(UUID grant, String lineage, Level level) {
        consents.put(grant, new Consent(lineage, level.spotsPhrase()));
        lastLevel = level.id();
    }

    /**
     * One that is stored, also where it may no longer be used.
     *
     * @param spotsPhrase whether the phrase ends it as well
     */
    void add(ConsentInForce consent, boolean spotsPhrase) {
        consents.put(consent.grant(), new Consent(consent.lineage(), spotsPhrase));
        lastLevel = consent.level();
    }

    /**
     * @param now whether something was agreed to in this call that is not recorded yet: that can be
     *     taken back as well, until the call has its decision
     */
    void agreed(boolean now) {
        agreed = now;
    }

    /**
     * @param now whether the store could not say what there is of this caller
     */
    void unknown(boolean now) {
        unknown = now;
    }

    boolean unknown() {
        return unknown;
    }

    /** It was replaced, or has ended outside this call. */
    void remove(UUID grant) {
        consents.remove(grant);
    }

    /** Nothing of it is the speaker's any more. */
    void clear() {
        consents.clear();
        agreed = false;
        unknown = false;
    }

    boolean isEmpty() {
        return consents.isEmpty();
    }

    /** Id of the level that was agreed to last, also where that is withdrawn. */
    String lastLevel() {
        return lastLevel;
    }

    /** How a withdrawal is recognised now. */
    Withdrawals watching(CallInProgress call) {
        if (consents.isEmpty() && !agreed && !unknown) {
            return Withdrawals.NONE;
        }
        boolean phrase =
                agreed || unknown || consents.values().stream().anyMatch(Consent::spotsPhrase);
        return new Withdrawals(call.line().withdrawalKeys(), phrase, call.notice().language());
    }

    /** They all end. */
    List<ConsentRecord> withdrawn(CallInProgress call, ConsentWithdrawn how) {
        var records = new ArrayList<ConsentRecord>();
        consents.forEach((grant, consent) ->
                records.add(withdrawn(call, call.facts(), grant, consent.lineage(), how)));
        consents.clear();
        return records;
    }

    static ConsentRecord.Withdrawn withdrawn(
            CallInProgress call,
            CallFacts facts,
            UUID grant,
            String lineage,
            ConsentWithdrawn how) {
        return new ConsentRecord.Withdrawn(
                call.newId(),
                call.now(),
                facts,
                facts.subject(),
                lineage,
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                how.method(),
                how.at(),
                how.cutAt());
    }
}
