package org.consentgateway.socket;

import java.util.Map;
import java.util.UUID;

/**
 * Immutable. What an assistant is told of a call when it begins.
 *
 * @param call the gateway's id of it
 * @param calledNumber the number that was dialled
 * @param parameters the consent and what it allows to be told, such as {@code consent_level}
 */
public record NewCall(UUID call, String calledNumber, Map<String, String> parameters) {
    public NewCall {
        parameters = Map.copyOf(parameters);
    }

    /** The call's id in 32 hexadecimal digits. */
    public String hex() {
        return call.toString().replace("-", "");
    }

    /** Does not print who was called, or anything else that is told. */
    @Override
    public String toString() {
        return "NewCall[" + call + "]";
    }
}
