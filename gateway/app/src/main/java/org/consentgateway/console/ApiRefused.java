package org.consentgateway.console;

/** The API has said no; pages tell why. Immutable. */
public final class ApiRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String detail;

    public ApiRefused(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.detail = detail;
    }

    /** For people, in English. */
    public String detail() {
        return detail;
    }

    public int status() {
        return status;
    }
}
