package org.consentgateway.webhook;

/** Thread-safe. One HTTP request to an endpoint; waits for its answer. */
interface Poster {
    Response post(Endpoint endpoint, WebRequest request);

    /** What came back. */
    sealed interface Response {
        /**
         * @param retryAfter seconds that it asks for; 0: none
         */
        record HttpStatus(int code, long retryAfter) implements Response {
            boolean taken() {
                return code >= 200 && code < 300;
            }
        }

        /**
         * There was none.
         *
         * @param why short, such as "timeout"
         */
        record Failed(String why) implements Response {}

        /**
         * The message itself is at fault: it cannot be put as the endpoint wants it, or not all of
         * it was taken.
         */
        record Unfit(String why) implements Response {}

        /** By its mapping the endpoint does not want to know. */
        record NotWanted() implements Response {}
    }
}
