package org.consentgateway.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
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

    private record Consent(String lineage, boolean spotsPhrase) {}

    /**
     * @param grant id of the record that gave it
     * @param lineage of the notice it was given to
     */
    void add(UUID grant, String lineage, Level level) {
        consents.put(grant, new Consent(lineage, level.spotsPhrase()));
        lastLevel = level.id();
    }

    /** On a line where all consents of a caller can be withdrawn. */
    void add(ConsentInForce consent) {
        consents.put(consent.grant(), new Consent(consent.lineage(), true));
        lastLevel = consent.level();
    }

    /**
     * A consent that can no longer be used, but was not withdrawn either, is withdrawn as well.
     *
     * @param lineage of the notice it is about
     */
    void add(String lineage, ConsentStatus status) {
        switch (status) {
            case ConsentStatus.Valid valid -> add(valid.grant(), lineage, valid.level());
            case ConsentStatus.RenewalDue due -> add(due.grant(), lineage, due.level());
            case ConsentStatus.TextChanged changed ->
                    add(changed.grant(), lineage, changed.level());
            case ConsentStatus.PurposeAdded added -> add(added.grant(), lineage, added.level());
            case ConsentStatus.Shared shared -> add(shared.grant(), lineage, shared.level());
            case ConsentStatus.None _, ConsentStatus.Expired _, ConsentStatus.Withdrawn _ -> {}
        }
    }

    /** It was replaced, or has ended outside this call. */
    void remove(UUID grant) {
        consents.remove(grant);
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
        if (consents.isEmpty()) {
            return Withdrawals.NONE;
        }
        return new Withdrawals(
                call.line().withdrawalKeys(),
                call.hears() && consents.values().stream().anyMatch(Consent::spotsPhrase),
                call.notice().language());
    }

    /** They all end. */
    List<ConsentRecord> withdrawn(CallInProgress call, ConsentWithdrawn how) {
        var records = new ArrayList<ConsentRecord>();
        consents.forEach((grant, consent) ->
                records.add(
                        new ConsentRecord.Withdrawn(
                                call.newId(),
                                call.now(),
                                call.facts(),
                                call.facts().subject(),
                                consent.lineage(),
                                grant,
                                ConsentRecord.Withdrawn.Reason.CALLER,
                                how.method(),
                                how.at(),
                                how.cutAt())));
        consents.clear();
        return records;
    }
}
