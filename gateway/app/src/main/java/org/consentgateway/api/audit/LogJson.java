package org.consentgateway.api.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.consentgateway.ledger.LogOverview;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.tree.KeyLife;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/** A log, its newest checkpoints and its keys as JSON. */
final class LogJson {
    private LogJson() {}

    static ObjectNode of(LogOverview log) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("node", log.node()).put("origin", log.origin());
        json.put("entries", log.size()).put("checkpoint_count", log.checkpoints());
        ArrayNode checkpoints = json.putArray("checkpoints");
        for (LogOverview.Signed each : log.newest()) {
            ObjectNode one = checkpoints.addObject();
            one.put("entries", each.size()).put("at", Header.time(each.at()));
            each.keys().forEach(one.putArray("keys")::add);
            each.cosigned().forEach(one.putArray("cosigned")::add);
            one.put("enough", each.enough());
        }
        ArrayNode keys = json.putArray("keys");
        log.keys().forEach(each -> key(keys.addObject(), each));
        return json;
    }

    private static void key(ObjectNode json, VerifierKey key) {
        KeyLife life = key.life();
        json.put("id", key.hash()).put("line", key.line());
        json.put("from_entries", life.fromSize());
        Long until = life.untilSize();
        if (until != null) {
            json.put("until_entries", until);
        }
        time(json, "until", life.until());
        time(json, "revoked", life.revoked());
        json.put("signs", !life.isOver());
    }

    private static void time(ObjectNode json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, Header.time(time));
        }
    }
}
