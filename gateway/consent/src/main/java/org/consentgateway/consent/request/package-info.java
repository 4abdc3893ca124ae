/** What a caller asks of us about stored data, and what a person at the company answered. */
@NullMarked
package org.consentgateway.consent.request;

import org.jspecify.annotations.NullMarked;
