// Rooms: pickers of their forms, and the sign at a door, whose clock goes on between two answers of the server.
import "../ui/components/people-picker";
import "../ui/components/receiver-picker";

const CLOCK_MS = 1000;

function clock(): void {
  const shown = document.querySelector<HTMLElement>("[data-clock]");
  if (shown) shown.textContent = new Intl.DateTimeFormat("ko-KR", { timeZone: "Asia/Seoul", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date());
}

if (document.querySelector("[data-clock]")) window.setInterval(clock, CLOCK_MS);
