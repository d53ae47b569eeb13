//! `renova demo` and `renova sim`.

use anyhow::Context as _;
use renewal::Brand;
use server::{
    console::say,
    demo::{self, Demo, DemoOptions},
    open::{Pages, embedded_site},
    serve::serve,
    stop::Stop,
    web,
};

use crate::{cli, failure::Failure};

pub async fn demo(options: cli::Demo) -> Result<(), Failure> {
    let stop = Stop::on_signals();
    let is_dev = options.dev;
    let options = DemoOptions {
        port: options.port,
        sim_port: options.sim_port,
        data_dir: options.data_dir,
        login_config_id: options.login_config.filter(|id| !id.is_empty()),
        embed_origins: options.embed_origins,
        brand: Brand { name: options.brand_name, ..Brand::default() },
    };
    let sim_port = options.sim_port;
    let mut demo = Demo::open(options, embedded_site(), Pages::own()).await?;
    demo.mount.ui.is_dev |= is_dev;
    let inbox = demo::inbox_pages(&demo.inbox, &demo.mount.site);
    let router = web::own_with(&demo.mount, Some(demo.heartbeat.clone()), inbox);
    let address = demo.address();
    let ready = move || {
        say(&format!("Renova is ready: {address}"));
        say(&format!("The simulated Meta: http://localhost:{sim_port}"));
        say(&format!("The mails that it sends: {address}/demo/inbox"));
        say(&format!("Log in with the password {} as", demo::PASSWORD));
        for (email, who) in demo::LOGINS {
            say(&format!("  {email:<22} {who}"));
        }
        say("Ctrl-C stops both.");
    };
    Ok(demo.run(router, stop, ready).await?)
}

pub async fn simulator(options: cli::Simulator) -> Result<(), Failure> {
    let stop = Stop::on_signals();
    let sim = demo::simulator(options.sim_port, options.state).context("the simulator cannot start")?;
    let listener = demo::listen(options.sim_port, "SIM_PORT").await?;
    say(&format!("The simulated Meta is ready: http://localhost:{}", options.sim_port));
    Ok(serve(listener, sim.router(), stop).await.context("the simulator stopped")?)
}
