// The page of the local workspace: asks the server what one person sees, and draws it.
import { clock } from "./clock.js";
import { composer } from "./composer.js";
import { banner, heading, stage } from "./conversation.js";
import { modal } from "./modal.js";
import { chooser } from "./people.js";
import { follow, look, state } from "./server.js";
import { sidebar } from "./sidebar.js";
import { wish } from "./whereabouts.js";

const at = (id) => document.getElementById(id);

const box = composer(at("composer"));
const parts = [
  chooser(at("who")), clock(at("clock")), sidebar(at("sidebar")), heading(at("heading")), banner(at("banner")),
  box.draw, stage(at("stage"), box.replyTo), modal(at("modal")),
];

function draw(news = { lost: false }) {
  // Before the first state there is nothing to draw, not even that there is none.
  if (!state) return;
  at("team").textContent = state.team.name;
  for (const part of parts) part(news);
}

let who = null;

function arrive() {
  const { as } = wish();
  showSidebar(false);
  if (as === who) return draw();
  who = as;
  return look(as);
}

const narrow = matchMedia("(max-width: 760px)");

/** In a narrow window the conversations are a drawer; while it is shut nothing in it can be reached. */
function showSidebar(isOpen) {
  document.body.classList.toggle("drawer", isOpen);
  at("menu").setAttribute("aria-expanded", String(isOpen));
  at("sidebar").inert = narrow.matches && !isOpen;
}

at("menu").addEventListener("click", () => showSidebar(!document.body.classList.contains("drawer")));
at("main").addEventListener("click", () => showSidebar(false));
narrow.addEventListener("change", () => showSidebar(false));
addEventListener("keydown", (event) => event.key === "Escape" && showSidebar(false));
at("skip").addEventListener("click", () => at("main").focus());
addEventListener("hashchange", arrive);
follow(draw);
arrive();
