package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.consentgateway.ledger.store.LedgerHealth;

/**
 * Confined to one periodic task. Tells once when the ledger is in trouble, and once when it is
 * over. That the store was down is told when it is up again: messages are kept there.
 */
public final class LedgerAlarms {
    /** What can be wrong. */
    enum Trouble {
        STORE_DOWN,
        CHECKPOINT_NOT_EXPORTED,
        CHECKPOINT_NOT_WITNESSED,
        WITNESS_CONFLICT
    }

    private final LooseEvents events;
    private final String node;
    private Set<Trouble> known = EnumSet.noneOf(Trouble.class);

    public LedgerAlarms(LooseEvents events, String node) {
        this.events = events;
        this.node = node;
    }

    public void look(LedgerHealth health, Instant now) {
        Set<Trouble> there = EnumSet.noneOf(Trouble.class);
        if (!health.up()) {
            there.add(Trouble.STORE_DOWN);
        }
        if (health.exportFailing()) {
            there.add(Trouble.CHECKPOINT_NOT_EXPORTED);
        }
        if (health.witnessFailing()) {
            there.add(Trouble.CHECKPOINT_NOT_WITNESSED);
        }
        if (health.witnesses().conflict() != null) {
            there.add(Trouble.WITNESS_CONFLICT);
        }
        for (Trouble each : Trouble.values()) {
            if (there.contains(each) != known.contains(each)) {
                tell(each, there.contains(each), now);
            }
        }
        known = there;
    }

    private void tell(Trouble trouble, boolean raised, Instant now) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("node", node);
        data.put("trouble", trouble.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        data.put("raised", raised);
        events.tell(EventType.LEDGER_ALARM, data, "ledger-alarm", now);
    }
}
