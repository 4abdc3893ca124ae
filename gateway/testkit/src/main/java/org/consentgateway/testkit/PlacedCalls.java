package org.consentgateway.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Thread-safe. Which calls were placed with which caller's number: the gateway forgets it where
 * nobody agreed to anything, a test must not.
 */
public final class PlacedCalls {
    private static final Map<String, List<String>> CALL_IDS = new ConcurrentHashMap<>();

    private PlacedCalls() {}

    public static void note(String number, String callId) {
        CALL_IDS.computeIfAbsent(number, _ -> new CopyOnWriteArrayList<>()).add(callId);
    }

    /** Values of their Call-ID, oldest first. */
    public static List<String> of(String number) {
        return List.copyOf(CALL_IDS.getOrDefault(number, List.of()));
    }
}
