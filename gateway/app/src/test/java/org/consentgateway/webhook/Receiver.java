package org.consentgateway.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Another system, with a memory: what it was sent, and what it took. Confined to one thread. */
final class Receiver implements Poster {
    private static final com.fasterxml.jackson.databind.ObjectMapper JSON =
            new com.fasterxml.jackson.databind.ObjectMapper();

    /** How an endpoint that takes events as they are is told. */
    static Endpoint.Format signed(Supplier<List<byte[]>> secrets) {
        return new Endpoint.Format(secrets, Optional::empty, Optional.empty());
    }

    /** A message as it came. */
    record Got(
            String id, Map<String, String> headers, com.fasterxml.jackson.databind.JsonNode event) {
        String type() {
            return event.path("type").asText().replaceAll("^org.consentgateway.|.v1$", "");
        }

        String data(String field) {
            return event.path("data").path(field).asText();
        }
    }

    private final List<Got> came = new ArrayList<>();
    private final List<Got> taken = new ArrayList<>();
    private final Deque<Response> next = new ArrayDeque<>();
    private Function<Got, Response> habit = _ -> new Response.HttpStatus(204, 0);

    @Override
    public Response post(Endpoint endpoint, WebRequest request) {
        Map<String, String> headers = request.headers();
        Got got;
        try {
            got =
                    new Got(
                            headers.getOrDefault("webhook-id", ""),
                            headers,
                            JSON.readTree(request.body()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        came.add(got);
        Response response = next.isEmpty() ? habit.apply(got) : next.pop();
        if (response instanceof Response.HttpStatus status && status.code() / 100 == 2) {
            taken.add(got);
        }
        return response;
    }

    void answers(Function<Got, Response> other) {
        habit = other;
    }

    void answers(int status) {
        habit = _ -> new Response.HttpStatus(status, 0);
    }

    void answersNext(Response... some) {
        next.addAll(List.of(some));
    }

    List<Got> came() {
        return came;
    }

    List<Got> taken() {
        return taken;
    }

    /** Each once, in the order in which they were taken first. */
    List<Got> once() {
        Set<String> seen = new HashSet<>();
        return taken.stream().filter(got -> seen.add(got.id())).toList();
    }
}
