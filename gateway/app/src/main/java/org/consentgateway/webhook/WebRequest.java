package org.consentgateway.webhook;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Immutable. What is asked of an endpoint; where that is, the endpoint says.
 *
 * @param target path and query, as they stand in the first line of the request
 */
record WebRequest(String method, String target, Map<String, String> headers, byte[] body) {

    /** To the very address of the endpoint. */
    static WebRequest post(Endpoint endpoint, Map<String, String> headers, byte[] body) {
        return new WebRequest("POST", target(endpoint, ""), headers, body);
    }

    /**
     * @param further goes behind the path of the endpoint's address; a query there is kept where
     *     this has none
     */
    static String target(Endpoint endpoint, String further) {
        String path = endpoint.url().getRawPath() == null ? "" : endpoint.url().getRawPath();
        String query = endpoint.url().getRawQuery();
        String whole =
                further.startsWith("/") && path.endsWith("/")
                        ? path + further.substring(1)
                        : path + further;
        return (whole.startsWith("/") ? whole : "/" + whole)
                + (query == null || further.contains("?") ? "" : "?" + query);
    }

    WebRequest with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new WebRequest(method, target, all, body);
    }

    /** Its body names records of a person, its headers may hold a token. */
    @Override
    public String toString() {
        return "WebRequest[" + method + "]";
    }
}
