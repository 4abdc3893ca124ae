package org.consentgateway.web;

/** Immutable. All metrics in one text. */
public record Scraped(String contentType, String text) {

    /** Reads them. */
    @FunctionalInterface
    public interface Scrape {
        /**
         * @param accepted the Accept header, empty where there is none
         */
        Scraped read(String accepted);
    }
}
