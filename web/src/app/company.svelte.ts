/** The workspace as the page needs it: who, until when, which calendar. Read once, and again when the reader comes back. */
import { fetchWorkspace, misshapen, Problem } from '../lib/api/client.ts';
import type { Workspace } from '../lib/api/types.ts';
import { addDays, lastDayBefore, type Day } from '../lib/url/day.ts';
import { kPlainCalendar, type CalendarSettings } from '../lib/url/period.ts';

/** A first answer that takes longer than this deserves a word. */
const kSlowMs = 3000;

const kWeekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export class Company {
  workspace: Workspace | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  readAt: Date | null = $state.raw(null);

  /** Nothing is known of the company yet, and that for a while. */
  isSlow = $state(false);

  async load(): Promise<void> {
    const timer = setTimeout(() => (this.isSlow = this.workspace === null), kSlowMs);
    try {
      this.workspace = await fetchWorkspace();
      this.problem = null;
      this.readAt = new Date();
    } catch (error) {
      this.problem = error instanceof Problem ? error : misshapen(String(error));
    } finally {
      clearTimeout(timer);
      this.isSlow = false;
    }
  }

  /** A problem is the server's sentence: in another language it is asked for again. */
  async retell(): Promise<void> {
    if (this.problem) await this.load();
  }

  get calendar(): CalendarSettings {
    return this.workspace ? calendarOf(this.workspace) : kPlainCalendar;
  }

  /** The last day the data covers: the page's "today". Null while nothing is known or nothing was imported. */
  get lastDay(): Day | null {
    const found = this.workspace;
    if (!found?.data_to) return null;
    return found.as_of ? lastDayBefore(found.as_of, found.time_zone) : addDays(found.data_to, -1);
  }

  get isEmpty(): boolean {
    return this.workspace !== null && !this.workspace.data_to;
  }
}

function calendarOf(workspace: Workspace): CalendarSettings {
  const weekday = kWeekdays.indexOf(workspace.week_start.toLowerCase());
  const [month, day] = workspace.fiscal_start.split('-').map(Number);
  return {
    weekStart: weekday < 0 ? kPlainCalendar.weekStart : weekday + 1,
    fiscalMonth: month || kPlainCalendar.fiscalMonth,
    fiscalDay: day || kPlainCalendar.fiscalDay,
    ...(workspace.month_starts && workspace.month_starts.length > 12 ? { months: workspace.month_starts } : {}),
  };
}
