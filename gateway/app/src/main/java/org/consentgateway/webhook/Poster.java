package org.consentgateway.webhook;

import java.util.Map;

/** Thread-safe. One HTTP request to an endpoint; waits for its answer. */
interface Poster {
    Response post(Endpoint endpoint, Map<String, String> headers, byte[] body);

    /** What came back. */
    sealed interface Response {
        /**
         * @param retryAfter seconds that it asks for; 0: none
         */
        record HttpStatus(int code, long retryAfter) implements Response {}

        /**
         * There was none.
         *
         * @param why short, such as "timeout"
         */
        record Failed(String why) implements Response {}
    }
}
