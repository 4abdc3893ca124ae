package org.consentgateway.sip.transport;

/** Thread-safe. The limits that count now. */
public final class LiveLimits {
    private volatile SipSettings.Limits now;

    public LiveLimits(SipSettings.Limits first) {
        now = first;
    }

    SipSettings.Limits now() {
        return now;
    }

    public void change(SipSettings.Limits next) {
        now = next;
    }
}
