/** Collecting what a company's own staff says. */
@NullMarked
package org.consentgateway.cli.recording;

import org.jspecify.annotations.NullMarked;
