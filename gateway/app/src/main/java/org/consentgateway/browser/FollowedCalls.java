package org.consentgateway.browser;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.line.text.DialogObserver;
import org.consentgateway.speech.Heard;

/**
 * Thread-safe. Tells those who called from a browser what happens in their calls. A call is known
 * by the hash of its SIP Call-ID; of those that nobody follows nothing is kept, but for the moment
 * in which somebody dials and the Call-ID is not known yet.
 */
public final class FollowedCalls implements CallListener, DialogObserver {
    /** While somebody dials, of all calls together. */
    private static final int MOST_HELD = 500;

    private final Map<String, Consumer<CallNews>> followers = new HashMap<>();
    private final List<CallNews.Of> held = new ArrayList<>();
    private int dialling;

    /** Somebody is about to dial: {@link #follow} or {@link #failed} comes next. */
    synchronized void dials() {
        dialling++;
    }

    synchronized void failed() {
        if (--dialling == 0) {
            held.clear();
        }
    }

    /**
     * The call is known from now on, and what has happened in it is told at once.
     *
     * @param hashes of its SIP Call-ID, under each key
     * @param follower takes news on any thread, and returns at once
     */
    synchronized void follow(List<String> hashes, Consumer<CallNews> follower) {
        hashes.forEach(hash -> followers.put(hash, follower));
        held.stream()
                .filter(each -> hashes.contains(each.facts().sipCallIdHash()))
                .forEach(each -> follower.accept(each.news()));
        failed();
    }

    synchronized void leave(List<String> hashes) {
        hashes.forEach(followers::remove);
    }

    private synchronized void tell(CallFacts facts, CallNews news) {
        Consumer<CallNews> follower = followers.get(facts.sipCallIdHash());
        if (follower != null) {
            follower.accept(news);
        } else if (dialling > 0 && held.size() < MOST_HELD) {
            held.add(new CallNews.Of(facts, news));
        }
    }

    @Override
    public void told(CallEvent event) {
        CallNews.of(event).ifPresent(each -> tell(each.facts(), each.news()));
    }

    @Override
    public void speaks(CallFacts facts, int number, List<SpokenPart> parts) {
        tell(facts, new CallNews("says", Map.of("number", number, "parts", parts)));
    }

    @Override
    public void silent(CallFacts facts, int number, boolean whole) {
        tell(facts, new CallNews("silent", Map.of("number", number, "whole", whole)));
    }

    @Override
    public void heard(CallFacts facts, Heard heard) {
        CallNews.of(heard).ifPresent(news -> tell(facts, news));
    }

    @Override
    public void pressed(CallFacts facts, char key) {
        tell(facts, new CallNews("key", Map.of("key", String.valueOf(key))));
    }
}
