package org.consentgateway.testkit;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A stand-in for a model behind OpenAI's Realtime API, in A-law: greets when it is
 * asked to, and says on when the test wants it.
 */
public final class RealtimeModel implements SocketServer.Behaviour {
    private static final int SECOND = 8000;
    private final byte[] greeting;
    private final AtomicInteger appended = new AtomicInteger();
    private volatile @Nullable SocketPeer peer;
    private volatile long truncatedAt = -1;
    private volatile int heardWhenSpeaking;
    private volatile int heardWhenInterrupted;

    public RealtimeModel(byte[] greeting) {
        this.greeting = greeting.clone();
    }

    @Override
    public String answers(String path, Map<String, String> headers) {
        return "101";
    }

    @Override
    public void opened(SocketPeer opened) throws IOException {
        peer = opened;
        opened.send("{\"type\":\"session.created\",\"session\":{\"type\":\"realtime\"}}");
    }

    @Override
    public void text(SocketPeer from, String message) throws IOException {
        switch (MediaStreamBot.field(message, "type")) {
            case "session.update" ->
                    from.send("{\"type\":\"session.updated\",\"session\":{\"type\":\"realtime\"}}");
            case "response.create" -> say("r1", greeting, 1);
            case "input_audio_buffer.append" -> appended.incrementAndGet();
            case "conversation.item.truncate" ->
                    truncatedAt =
                            Long.parseLong(
                                    message.replaceAll(".*\"audio_end_ms\":([0-9]+).*", "$1"));
            default -> {
                // response.cancel and the like
            }
        }
    }

    private void say(String response, byte[] sound, int times) throws IOException {
        SocketPeer to = peer;
        if (to == null) {
            throw new IOException("nobody has come");
        }
        to.send("{\"type\":\"response.created\",\"response\":{\"id\":\"%s\"}}".formatted(response));
        for (int i = 0; i < times; i++) {
            to.send(delta(response, Base64.getEncoder().encodeToString(sound)));
        }
    }

    private static String delta(String response, String sound) {
        return "{\"type\":\"response.output_audio.delta\",\"response_id\":\"%s\","
                        .formatted(response)
                + "\"item_id\":\"item_%s\",\"content_index\":0,\"delta\":\"%s\"}"
                        .formatted(response, sound);
    }

    /**
     * Calls a function of ours.
     *
     * @param call by which the answer is told from others
     * @param arguments JSON
     */
    public void calls(String function, String call, String arguments) throws IOException {
        SocketPeer to = peer;
        if (to != null) {
            to.send(
                    "{\"type\":\"response.output_item.done\",\"response_id\":\"r9\",\"output_index\":0,\"item\":{\"id\":\"item_9\",\"object\":\"realtime.item\",\"type\":\"function_call\",\"status\":\"completed\",\"name\":\"%s\",\"call_id\":\"%s\",\"arguments\":\"%s\"}}"
                            .formatted(function, call, arguments.replace("\"", "\\\"")));
        }
    }

    /** Faster than it can be heard. */
    public void speaks(int seconds) throws IOException {
        heardWhenSpeaking = appended.get();
        say("r2", new byte[SECOND], seconds);
    }

    /** What it has heard since it spoke last: the clock of the call. */
    public int heardMillis() {
        return 20 * (appended.get() - heardWhenSpeaking);
    }

    /** Tells that the caller has begun to speak. */
    public void interrupted() throws IOException {
        heardWhenInterrupted = appended.get();
        SocketPeer to = peer;
        if (to != null) {
            to.send("{\"type\":\"input_audio_buffer.speech_started\",\"item_id\":\"item_3\"}");
        }
    }

    /** From when it spoke until it was interrupted. */
    public double spokenMillis() {
        return 20.0 * (heardWhenInterrupted - heardWhenSpeaking);
    }

    /** Of its last answer; -1: not yet. */
    public long truncatedAt() {
        return truncatedAt;
    }
}
