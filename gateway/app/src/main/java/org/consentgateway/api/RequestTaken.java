package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.proof.OperatorRequests;

/** What is said when a request was taken down, whoever it is of and however they are named. */
public final class RequestTaken {
    private RequestTaken() {}

    /**
     * @param by the person who took it down
     */
    public static ApiAnswer answer(OperatorRequests.Taken taken, String by) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("request_id", taken.id().toString()).put("reference", taken.reference());
        json.put("due", Header.time(taken.due()));
        return ApiAnswer.personal(json, List.of(taken.id()))
                .by(by)
                .with(taken.before() ? 200 : 201);
    }
}
