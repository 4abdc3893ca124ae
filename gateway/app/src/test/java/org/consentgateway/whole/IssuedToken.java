package org.consentgateway.whole;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;

/** A consent token as an assistant has it, and what its gateway says of it. Immutable. */
record IssuedToken(TestGateway gateway, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    JsonNode claims() throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(text.split("\\.", -1)[1]));
    }

    /** Where its status stands, as a path of the gateway's. */
    String path() throws IOException {
        JsonNode place = claims().at("/status/status_list");
        return place.path("uri").asText().replaceFirst("http://[^/]*", "")
                + "/"
                + place.path("idx").asInt();
    }

    String status() throws IOException, InterruptedException {
        return JSON.readTree(gateway.http(path())).path("status").asText();
    }
}
