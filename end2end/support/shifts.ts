import type { Page } from '@playwright/test';

/** What has moved without anybody's doing, since the page began to load. */
export async function shifts(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    interface Shift extends PerformanceEntry {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Element | null }[];
    }
    // What has been rendered is reported after two frames at the latest.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const observer = new PerformanceObserver(() => undefined);
    observer.observe({ type: 'layout-shift', buffered: true });
    const found = observer.takeRecords() as Shift[];
    observer.disconnect();
    return found
      .filter(({ hadRecentInput }) => !hadRecentInput)
      .map(({ value, sources }) => `${value}: ${sources.map(({ node }) => node?.className || node?.nodeName).join(', ')}`);
  });
}
